"""Locks and ends of visits, kept for every request; what was written is never lost.

A page left alone locks; a visit ended from another device is refused at once. A form
that arrives too late is sealed for its person and given back after they show who they
are. Requests in the background do not count as presence.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from securebase.pages.shared.access import Audience, audience_of
from securebase.pages.shared.discreet import discreet_of
from securebase.pages.shared.entrance import VISIT
from securebase.pages.shared.language.choosing import keep_of_record
from securebase.people.accounts.keeping import keep_words, let_go
from securebase.people.accounts.known import known_account, mark_as_known
from securebase.people.accounts.models import User, Visit
from securebase.people.accounts.queries import open_accounts
from securebase.people.accounts.visits import (
    Standing,
    begin_visit,
    leave_visit,
    note_presence,
    standing_of,
    visit_of,
)

if TYPE_CHECKING:
    View = Callable[..., HttpResponse]

V = TypeVar("V", bound=Callable[..., Any])

SIGN_OUT = "account_logout"
LINK_REACHES = frozenset(
    {
        "me_checkin",
        "me_question",
        "me_keep",
        "me_kept",
        "me_review",
        "me_send",
        "me_sent",
    }
)
"""What a visit begun by a link from the mailbox reaches, besides what is open to all."""
HAND_OVER_START, HANDED_BACK = "me_hand_over", "hand_back"
HAND_OVER_REACHES = frozenset({"me_question", "me_keep", "me_review", "me_send"})
"""What a device that was handed over reaches, of the one form it was handed over for."""
HAND_OVER_ENDS = frozenset({"me_kept", "me_sent"})
"""Where the patient comes after stopping or sending: the device goes back then."""
LOCKED_WORDS = (
    "Not kept here: this page is locked. Your words are safe. Unlock the page to go on."
)


def in_the_background(view: V) -> V:
    """Say on a view that asking for it does not show that anybody is there."""
    view.in_the_background = True  # type: ignore[attr-defined]
    return view


def open_when_locked(view: V) -> V:
    """Say on a view that it handles locked visits itself."""
    view.open_when_locked = True  # type: ignore[attr-defined]
    return view


class VisitMiddleware:
    """Know the visit of each request, and let only open visits through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the visit, answer, and write down what began or ended with the answer."""
        _arrive(request)
        before = request.visit  # type: ignore[attr-defined]
        response = self.get_response(request)
        _depart(request, response, before)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let an open visit through; lead any other to the page that opens it."""
        visit: Visit | None = request.visit  # type: ignore[attr-defined]
        if visit is None:
            return _stranger(request)
        standing = standing_now(request)
        # Pages open to all are the same for everybody, so they carry no lock.
        handed = visit.scope == Visit.Scope.HAND_OVER
        covered = audience_of(view) is not Audience.EVERYONE
        request.is_covered = covered and not handed  # type: ignore[attr-defined]
        request.is_handed_over = covered and handed  # type: ignore[attr-defined]
        if standing is Standing.OPEN and _reaches(visit, request):
            request.is_let_through = True  # type: ignore[attr-defined]
            if not _is_background(request, view):
                note_presence(visit, at=timezone.now())
            return None
        if _handles_itself(request, view):
            return None
        if audience_of(view) is Audience.EVERYONE:
            # What is open to all knows nobody while the page is locked.
            request.user = AnonymousUser()
            return None
        return _turn_away(request, standing)


def standing_now(request: HttpRequest) -> Standing:
    """Return how the visit of this request stands; the demo locks only by hand."""
    visit: Visit = request.visit  # type: ignore[attr-defined]
    at = timezone.now()
    if settings.SECUREBASE_DEMO and visit.ended_at is None:
        return Standing.LOCKED if visit.locked_at else Standing.OPEN
    is_staff = isinstance(request.user, User) and request.user.needs_second_factor
    is_shared = discreet_of(request).shared
    return standing_of(visit, is_staff=is_staff, is_shared=is_shared, at=at)


def start_visit(
    request: HttpRequest, account: User, scope: Visit.Scope, *, only: UUID | None = None
) -> Visit:
    """Begin the visit of somebody who has just been signed in to this session."""
    agent = request.headers.get("User-Agent", "")
    visit = begin_visit(account=account, agent=agent, at=timezone.now(), scope=scope, only=only)
    request.session[VISIT] = str(visit.pk)
    keep_of_record(request, account)
    if discreet_of(request).shared:
        end_with_the_browser(request)
    request.visit = visit  # type: ignore[attr-defined]
    return visit


def end_with_the_browser(request: HttpRequest) -> None:
    """Let the session end when the browser is closed, as on a device that is shared."""
    request.session.set_expiry(0)


def safe_path(request: HttpRequest, asked: str | None) -> str:
    """Return a path on this site to go on to; the front door for anything else."""
    told = asked or ""
    inside = told.startswith("/") and url_has_allowed_host_and_scheme(
        told, allowed_hosts=None, require_https=request.is_secure()
    )
    return told if inside else reverse("front_door")


def keep_what_was_sent(request: HttpRequest, account: User | None) -> bool:
    """Keep the form of this request for its person; whether something was kept.

    Only what our own pages send is kept: a form that another site made must not come
    back as one's own words.
    """
    if account is None or not _holds_words(request):
        return False
    fields = {name: request.POST.getlist(name) for name in request.POST}
    path = _page_of(request) if is_fetch(request) else request.get_full_path()
    kept = keep_words(account=account, path=path, fields=fields, at=timezone.now())
    return kept is not None


def whose_words(request: HttpRequest) -> User | None:
    """Return whose page sent this: of the session, else of the browser's last visit."""
    if isinstance(request.user, User):
        return request.user
    pk = known_account(request)
    return open_accounts().filter(pk=pk).first() if pk else None


def _arrive(request: HttpRequest) -> None:
    request.visit = None  # type: ignore[attr-defined]
    if SESSION_KEY not in request.session or not isinstance(request.user, User):
        return
    key = request.session.get(VISIT)
    visit = visit_of(key=UUID(key), account=request.user.pk) if key else None
    if visit is None:
        start_visit(request, request.user, Visit.Scope.WHOLE)
    else:
        request.visit = visit  # type: ignore[attr-defined]


def _depart(request: HttpRequest, response: HttpResponse, before: Visit | None) -> None:
    user = request.user if SESSION_KEY in request.session else None
    if before is not None and SESSION_KEY not in request.session:
        leave_visit(before, at=timezone.now())
        response["Clear-Site-Data"] = '"cache"'
    if isinstance(user, User) and VISIT not in request.session:
        start_visit(request, user, Visit.Scope.WHOLE)
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    if before is not None and visit is not before:
        leave_visit(before, at=timezone.now())
    if not isinstance(user, User) or visit is None or visit.scope != Visit.Scope.WHOLE:
        return
    mark_as_known(request, response, user)
    through = getattr(request, "is_let_through", False) and request.method == "POST"
    if through and response.status_code < HTTPStatus.BAD_REQUEST:
        let_go(account=user, path=request.get_full_path())


def _stranger(request: HttpRequest) -> HttpResponse | None:
    """Keep what a page sends that outlived its visit altogether; then sign-in decides."""
    if not keep_what_was_sent(request, whose_words(request)):
        return None
    return _to(request, settings.LOGIN_URL, reverse("account_kept"))


def _turn_away(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Lead to the lock or to sign-in, with the words kept and the way back known."""
    kept = keep_what_was_sent(request, whose_words(request))
    visit: Visit = request.visit  # type: ignore[attr-defined]
    if visit.scope == Visit.Scope.HAND_OVER:
        return _stay_with_the_form(request, standing)
    back = reverse("account_kept") if kept else _page_of(request)
    if standing is Standing.OVER:
        logout(request)
    target = "lock" if standing is Standing.LOCKED else settings.LOGIN_URL
    return _to(request, target, back)


def _stay_with_the_form(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Lead whoever holds a device that was handed over to the form, or to its end."""
    name = _name_of(request)
    if standing is Standing.OPEN and name not in HAND_OVER_ENDS:
        return redirect(HAND_OVER_START)
    how = {"me_sent": "?sent", "me_kept": "?kept"}.get(name or "", "")
    return redirect(f"{reverse(HANDED_BACK)}{how if standing is Standing.OPEN else '?over'}")


def _to(request: HttpRequest, target: str, back: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Trigger": "page-locked"})
    if is_fetch(request):
        return HttpResponse(LOCKED_WORDS, status=401, content_type="text/plain; charset=utf-8")
    if target == settings.LOGIN_URL:
        return redirect_to_login(back)
    return redirect(f"{reverse(target)}?{urlencode({'next': back})}")


def _reaches(visit: Visit, request: HttpRequest) -> bool:
    """Whether a visit reaches an address; one begun by a link, the check-in alone.

    A device that was handed over reaches one form, and nothing else of anybody's.
    """
    name, match = _name_of(request), request.resolver_match
    if visit.scope != Visit.Scope.HAND_OVER:
        return visit.scope == Visit.Scope.WHOLE or name in LINK_REACHES
    theirs = match is not None and match.kwargs.get("pk") == visit.only
    return name == HAND_OVER_START or (name in HAND_OVER_REACHES and theirs)


def _handles_itself(request: HttpRequest, view: View) -> bool:
    return _name_of(request) == SIGN_OUT or getattr(view, "open_when_locked", False)


def _name_of(request: HttpRequest) -> str | None:
    return request.resolver_match.url_name if request.resolver_match else None


def _is_background(request: HttpRequest, view: View) -> bool:
    return getattr(view, "in_the_background", False) or "In-Background" in request.headers


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script of a page sends something, not a person with a button.

    Asking for a page is never taken for it: behind the offline worker a browser says
    "empty" for pages, too.
    """
    return request.method == "POST" and request.headers.get("Sec-Fetch-Dest") == "empty"


def _holds_words(request: HttpRequest) -> bool:
    """Whether this is a form of one of our own pages that belong to somebody."""
    match = request.resolver_match
    personal = match is not None and audience_of(match.func) is not Audience.EVERYONE
    about_words = request.path.startswith("/account/")
    return request.method == "POST" and personal and not about_words and _from_our_page(request)


def _from_our_page(request: HttpRequest) -> bool:
    told = request.headers.get("Sec-Fetch-Site")
    if told:
        return told == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page that a request came from, or its own if it is one."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request)


def came_from(request: HttpRequest) -> str:
    """Return the page of ours that a request came from; the front door if unknown."""
    told = urlsplit(request.headers.get("Referer", ""))
    if told.netloc != request.get_host() or told.path.startswith("//"):
        return reverse("front_door")
    return told.path + (f"?{told.query}" if told.query else "")
