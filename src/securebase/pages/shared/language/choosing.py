"""In which language somebody reads.

What was chosen on this device comes first, then what the record says, then what the
browser asks for. Those who work here read English everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from securebase.clinic.care.queries import patients_visible_to
from securebase.people.accounts.models import Role, User
from securebase.people.post.languages import ENGLISH, language_code

COOKIE = "language"
ASKED = "language"
"""What a link carries that changes the language, on any page."""
KEPT = "language"
"""Where a session keeps what the record says, so that it is looked up once."""
A_YEAR = 60 * 60 * 24 * 365
STAFF_ONLY = ("/desk/", "/keep/", "/with/", "/school/", "/fhir/")
"""Addresses of those who work here, in English."""
TAGS = {"en-gb": "en-GB", "de": "de"}
"""What an HTML page says of its language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One language that a page can be read in, and the link to it."""

    code: str
    name: str
    url: str
    current: bool

    @property
    def tag(self) -> str:
        """The language as HTML says it."""
        return TAGS[self.code]


class LanguageMiddleware:
    """Let each page speak the language of whoever reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language, and keep one that was asked for."""
        asked = _known(request.GET.get(ASKED, ""))
        with translation.override(asked or language_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", page_language())
        patch_vary_headers(response, ("Accept-Language",))
        if asked:
            _keep(request, response, asked)
        return response


def language_of(request: HttpRequest) -> str:
    """Return the code of the language that a request is answered in."""
    if request.path.startswith(STAFF_ONLY):
        return ENGLISH
    chosen = _known(request.COOKIES.get(COOKIE, ""))
    if isinstance(request.user, User):
        return chosen or _of_record(request, request.user)
    return chosen or translation.get_language_from_request(request)


def page_language() -> str:
    """Return the language of the page that is being made, as HTML says it."""
    return TAGS.get(translation.get_language() or ENGLISH, "en-GB")


def choices(request: HttpRequest) -> list[Choice]:
    """Return the languages that this page can be read in; none where staff works."""
    if request.path.startswith(STAFF_ONLY):
        return []
    here = translation.get_language()
    return [
        Choice(code, name, _link(request, code), code == here)
        for code, name in settings.LANGUAGES
    ]


def follow_record(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Forget what was chosen on this device, so that the record's language counts again."""
    keep_of_record(request, user)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _of_record(request: HttpRequest, user: User) -> str:
    """Return the language of a patient's record; English for those who work here."""
    if user.needs_second_factor or not user.holds(Role.PATIENT):
        return ENGLISH
    # Reading must work when nothing can be written, so nothing is kept from here.
    return str(request.session.get(KEPT) or _looked_up(user))


def keep_of_record(request: HttpRequest, user: User) -> None:
    """Keep in the session what the record says, so that it is not looked up each time."""
    request.session[KEPT] = _looked_up(user)


def _looked_up(user: User) -> str:
    own = patients_visible_to(user, at=timezone.now()).filter(account=user)
    return language_code(own.values_list("language", flat=True).first() or "")


def _known(code: str) -> str:
    """Return our code of a language; empty if we do not speak it."""
    try:
        found = translation.get_supported_language_variant(code)
    except LookupError:
        return ""
    return found if found in TAGS else ""


def _link(request: HttpRequest, code: str) -> str:
    told = {name: value for name, value in request.GET.items() if name != ASKED}
    return f"?{urlencode(told | {ASKED: code})}"


def _keep(request: HttpRequest, response: HttpResponse, code: str) -> None:
    response.set_cookie(
        COOKIE, code, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
