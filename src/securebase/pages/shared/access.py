"""Who an address is for, and what it opens: said once on the view, enforced each time.

A view without an audience is refused, so forgetting one closes the door instead of
opening it. A person without the role gets the same 404 as for an address that does
not exist. Which *record* may be opened is decided by ``*_visible_to`` and policies;
whoever is shown one, or asks for one in vain, leaves a row on the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from securebase.clinic.care.refusals import Asked, last_row, note_opened, note_refusal
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import Role, User

if TYPE_CHECKING:
    View = Callable[..., HttpResponse]

V = TypeVar("V", bound=Callable[..., Any])

OWN_DOORS = ("allauth.", "django.views.static", "django.contrib.staticfiles")
"""Modules whose views check sign-in themselves."""


ASKED_IN_VAIN = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class Audience(StrEnum):
    """The people an address is for."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed in"
    CLINICIAN = "clinician"
    PATIENT = "patient"
    PARTNER = "partner"
    SUPERVISOR = "supervisor"
    LEARNER = "learner"
    HOST = "host"
    SUPPORTER = "supporter"


class SignedInRequest(HttpRequest):
    """A request after the door: there is a person behind it."""

    user: User


@dataclass(frozen=True, slots=True)
class Policy:
    """What an address opens to whom.

    ``action`` is the most that can be done there; who may write may read the form.
    ``of`` is the label of the model that the id in the address belongs to.
    ``impersonal`` says what it shows instead, where nothing is about a person.
    """

    audience: Audience
    category: Category | None
    action: Action
    of: str
    impersonal: str


def for_audience(
    audience: Audience,
    category: Category | None = None,
    action: Action = Action.READ,
    *,
    of: str = "",
    impersonal: str = "",
) -> Callable[[V], V]:
    """Say on a view whom it is for, and what of a person it opens, or that it is impersonal."""

    def mark(view: V) -> V:
        view.audience = audience  # type: ignore[attr-defined]
        view.policy = Policy(audience, category, action, of, impersonal)  # type: ignore[attr-defined]
        return view

    return mark


def audience_of(view: Any) -> Audience | None:
    """Return whom a view is for; None if nobody said."""
    marked: Audience | None = getattr(view, "audience", None)
    module = getattr(view, "__module__", "")
    return marked or (Audience.EVERYONE if module.startswith(OWN_DOORS) else None)


def policy_of(view: Any) -> Policy | None:
    """Return what a view opens to whom; None if nobody said."""
    policy: Policy | None = getattr(view, "policy", None)
    return policy


class AccessMiddleware:
    """Let each request through only to a view made for the person who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, keep personal pages out of every cache, and note who was shown what."""
        response = self.get_response(request)
        _note(request, response)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, send to sign-in, ask for a second factor, or let through."""
        audience = audience_of(view)
        if audience is Audience.EVERYONE:
            return None
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if audience is None or not _is_for(user, audience):
            raise Http404
        if needs_second_factor(request, user):
            return redirect("mfa_index")
        own = audience is Audience.PATIENT
        if not own and request.method in {"GET", "HEAD"} and _asked(request):
            request.rows_before = last_row()  # type: ignore[attr-defined]
        return None


def _note(request: HttpRequest, response: HttpResponse) -> None:
    """See to it that a row says who was shown a record, or asked for it in vain."""
    asked, user = _asked(request), request.user
    if asked is None or not isinstance(user, User):
        return
    before: int | None = getattr(request, "rows_before", None)
    if response.status_code in ASKED_IN_VAIN:
        hidden = response.status_code == HTTPStatus.NOT_FOUND
        note_refusal(asked=asked, hidden=hidden, by=user, at=timezone.now())
    elif response.status_code == HTTPStatus.OK and before is not None:
        note_opened(asked=asked, after=before, by=user, at=timezone.now())


def _asked(request: HttpRequest) -> Asked | None:
    """Return what a signed-in person asked for by its id; None if it was nothing such."""
    found, user = request.resolver_match, request.user
    policy = policy_of(found.func) if found else None
    if found is None or policy is None or not isinstance(user, User):
        return None
    if policy.category is None or not policy.of or "pk" not in found.kwargs:
        return None
    return Asked(
        of=policy.of,
        pk=found.kwargs["pk"],
        category=policy.category,
        action=policy.action,
        wrong_door=not _is_for(user, policy.audience),
    )


def _is_for(user: User, audience: Audience) -> bool:
    if audience in {Audience.EVERYONE, Audience.SIGNED_IN}:
        return True
    return user.holds(Role(audience.value))


def needs_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this person must first set up a second factor; the demo asks for none."""
    if settings.SECUREBASE_DEMO or not user.needs_second_factor:
        return False
    return not is_mfa_enabled(user)
