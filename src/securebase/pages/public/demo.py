"""The demo's people: invented, and entered with one click.

The links are signed, not kept. They exist only in a process started as the demo, and
only over a data directory that a demo built, so they can open no real practice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.http import require_safe

from securebase.pages.public.signing_in import sign_in
from securebase.pages.shared.access import Audience, for_audience
from securebase.people.accounts.models import User
from securebase.people.accounts.queries import open_accounts

ROLE_WORDS = {
    "clinician": "Clinician",
    "patient": "Patient",
    "partner": "Partner",
    "supervisor": "Supervisor",
    "host": "Host",
    "supporter": "Somebody close",
}


def entry_path(user: User) -> str:
    """Return the address that signs this invented person in."""
    signed = Signer(salt="demo").sign(str(user.pk))
    return reverse("demo_enter", args=[urlsafe_base64_encode(signed.encode())])


def demo_people() -> Sequence[dict[str, str]]:
    """Return the people of the demo as its own file lists them, roles in words."""
    try:
        listed = json.loads(_demo_file().read_text())["people"]
    except FileNotFoundError:
        return ()
    return [
        {
            "name": person["name"],
            "role": ROLE_WORDS.get(person["role"], person["role"]),
            "note": person.get("note", ""),
            "path": "/demo/enter/" + person["sign_in_url"].partition("/demo/enter/")[2],
        }
        for person in listed
    ]


@for_audience(Audience.EVERYONE, impersonal="signing in to the demo")
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign an invented person in and lead on to the front door."""
    if not (settings.SECUREBASE_DEMO and _demo_file().exists()):
        raise Http404
    user = get_object_or_404(open_accounts(), pk=_person(token))
    sign_in(request, user)
    return redirect("front_door")


def _person(token: str) -> str:
    try:
        return Signer(salt="demo").unsign(urlsafe_base64_decode(token).decode())
    except (BadSignature, ValueError) as problem:
        raise Http404 from problem


def _demo_file() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"
