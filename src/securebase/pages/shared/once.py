"""A form that is sent twice is taken once: pressed again, or the answer lost on the way.

Every page that is served carries a token of its own in each of its forms, so what is sent
from one page, to one address, with the same words in it, is the same sending. A person who
opens the page again and means it a second time sends another token.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from securebase.pages.shared.access import Audience, audience_of
from securebase.people.accounts.models import User
from securebase.people.accounts.sendings import once

TOKEN = "csrfmiddlewaretoken"  # noqa: S105
A_PAGES_OWN = re.compile(r"[A-Za-z0-9]{64}")
"""As a page has it; a script or a program may send the shorter secret behind it."""
FOR = (Audience.PATIENT, Audience.CLINICIAN, Audience.PARTNER, Audience.SUPERVISOR)
KEYED = frozenset(("me_question", "me_keep", "me_send", "me_kit_send", "me_do"))
"""Addresses whose forms have keys of their own, or where the last answer holds."""

View = Callable[..., HttpResponse]


class OnceMiddleware:
    """Do what a form asks for once; the last of all, so that the rest has let it through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Do it, or lead where it led; None where this is nothing that can be doubled."""
        user = request.user
        if not isinstance(user, User) or not _is_such(request, view):
            return None
        answers: list[HttpResponse] = []

        def act() -> str:
            answers.append(view(request, *args, **kwargs))
            return str(answers[0].headers.get("Location", ""))

        led_to = once(key=_key(request, user), act=act, by=user, at=timezone.now())
        return answers[0] if answers else redirect(led_to)


def _is_such(request: HttpRequest, view: View) -> bool:
    if request.method != "POST" or audience_of(view) not in FOR:
        return False
    name = request.resolver_match.url_name if request.resolver_match else ""
    token = str(request.POST.get(TOKEN, ""))
    return name not in KEYED and A_PAGES_OWN.fullmatch(token) is not None


def _key(request: HttpRequest, user: User) -> str:
    """Return a digest of who sends what to where."""
    said = (user.pk, request.get_full_path(), sorted(request.POST.lists()))
    sent = [
        (name, _digest(file)) for name, files in sorted(request.FILES.lists()) for file in files
    ]
    return sha256(repr((said, sent)).encode()).hexdigest()


def _digest(file: UploadedFile[Any]) -> str:
    told = sha256(file.read()).hexdigest()
    file.seek(0)
    return told
