"""Find or do: jump to a person by name or initials, or to a place, from anywhere.

The list is loaded once, when the palette is first opened; the page of the same name does
the same without script. Only one's own people are opened, with one query for their keys.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.care.queries import patients_treated_by
from securebase.pages.clinician.people import by_name
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Category

VERBS = (
    ("Today", "desk_today"),
    ("People", "desk_people"),
    ("Invite somebody", "desk_new"),
    ("Sessions and notes", "desk_sessions_all"),
    ("Promises", "desk_promises"),
    ("Bring to supervision, and notes of it", "desk_supervision_notes"),
    ("Arrange cover", "desk_cover"),
    ("Open a record in an emergency", "desk_emergency"),
    ("Library of instruments", "desk_library"),
    ("Your wishes", "desk_wishes"),
)
MOST = 30


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
def everybody(request: SignedInRequest) -> HttpResponse:
    """Return everybody in one's care and the places to go, for the palette."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    people = [
        {"name": p.name, "more": p.initials, "url": reverse("desk_person", args=[p.pk])}
        for p in by_name(patients_treated_by(request.user, at=at))
    ]
    verbs = [{"name": name, "more": "", "url": reverse(to)} for name, to in VERBS]
    return JsonResponse({"entries": [*people, *verbs]})


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """Show the people and places that match some words."""
    at = timezone.now()
    wanted = request.GET.get("q", "").strip()
    note_list_read(by=request.user, at=at)
    found = [
        p
        for p in by_name(patients_treated_by(request.user, at=at))
        if matches(wanted, p.name, p.initials)
    ]
    context = {
        "wanted": wanted,
        "found": found[:MOST] if wanted else [],
        "more": max(len(found) - MOST, 0) if wanted else 0,
        "verbs": [(name, reverse(to)) for name, to in VERBS if matches(wanted, name, "")],
    }
    return render(request, "clinician/find.html", context)


def matches(wanted: str, name: str, initials: str) -> bool:
    """Whether each word is part of the name, or the letters are the initials."""
    letters = "".join(sign for sign in wanted if sign.isalpha()).casefold()
    if initials and letters == "".join(s for s in initials if s.isalpha()).casefold():
        return True
    return all(word in name.casefold() for word in wanted.casefold().split())
