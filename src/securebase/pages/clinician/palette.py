"""Find or do: jump to a person by name or initials, or to a place, from anywhere.

The list is loaded once, when the palette is first opened; the page of the same name does
the same without script. Only one's own people are opened, with one query for their keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.care.queries import patients_treated_by
from securebase.pages.clinician.people import by_name
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User

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
DOINGS = (
    ("Write a note", "desk_notes"),
    ("Begin or plan a session", "desk_sessions"),
    ("Enter a paper form", "desk_entry_choose"),
    ("Hand over this device", "desk_hand_over"),
    ("Plan check-ins", "desk_rhythm"),
    ("Plan a break or an ending", "desk_bridge"),
    ("Invite a partner", "desk_partners"),
)
"""What is done with one person: ``note sam`` leads there at once."""
SOMEBODY = UUID(int=0)
"""Stands in an address for the person it will be about."""
MOST, FEW = 30, 3
SHORTEST = 3
"""Letters from which on a word may name something to do."""


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
def everybody(request: SignedInRequest) -> HttpResponse:
    """Return everybody in one's care and the places to go, for the palette."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    treated = _treated(request.user, at=at)
    people = [
        {
            "name": p.name,
            "more": p.initials,
            "url": reverse("desk_person", args=[p.pk]),
            "person": str(p.pk) if p.pk in treated else "",
        }
        for p in by_name(patients_treated_by(request.user, at=at))
    ]
    verbs = [{"name": name, "more": "", "url": reverse(to)} for name, to in VERBS]
    doings = [{"name": name, "url": reverse(to, args=[SOMEBODY])} for name, to in DOINGS]
    return JsonResponse(
        {"entries": [*people, *verbs], "doings": doings, "somebody": str(SOMEBODY)}
    )


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """Show the people and places that match some words."""
    at = timezone.now()
    wanted = request.GET.get("q", "").strip()
    note_list_read(by=request.user, at=at)
    doing, rest = asked_for(wanted)
    people = by_name(patients_treated_by(request.user, at=at))
    found = [p for p in people if matches(wanted, p.name, p.initials)]
    if not found and doing and rest:
        found = [p for p in people if matches(rest, p.name, p.initials)]
    treated = _treated(request.user, at=at) if 0 < len(found) <= FEW else set()
    context = {
        "wanted": wanted,
        "found": [
            (p, _addresses(doing or DOINGS, p.pk) if p.pk in treated else [])
            for p in (found[:MOST] if wanted else [])
        ],
        "more": max(len(found) - MOST, 0) if wanted else 0,
        "verbs": [(name, reverse(to)) for name, to in VERBS if matches(wanted, name, "")],
    }
    return render(request, "clinician/find.html", context)


def asked_for(wanted: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return what some words ask to do, and the words that are left for a name."""
    words = wanted.casefold().split()
    asking = [one for one in words if any(_begins(one, name) for name, _ in DOINGS)]
    doing = tuple(
        (name, to) for name, to in DOINGS if asking and all(_begins(w, name) for w in asking)
    )
    return doing, " ".join(one for one in words if one not in asking)


def _begins(word: str, name: str) -> bool:
    """Whether the word begins one of the words of a name."""
    return len(word) >= SHORTEST and any(
        one.startswith(word) for one in name.casefold().split()
    )


def _addresses(doings: Iterable[tuple[str, str]], pk: UUID) -> list[tuple[str, str]]:
    return [(name, reverse(to, args=[pk])) for name, to in doings]


def _treated(user: User, *, at: datetime) -> set[UUID]:
    """Return those in whose record this clinician writes, not only reads while covering."""
    own = Thing(Category.PROGRESS, author=user.pk)
    return set(
        patients_open_to(user, own, at=at, action=Action.WRITE).values_list("pk", flat=True)
    )


def matches(wanted: str, name: str, initials: str) -> bool:
    """Whether each word is part of the name, or the letters are the initials."""
    letters = "".join(sign for sign in wanted if sign.isalpha()).casefold()
    if initials and letters == "".join(s for s in initials if s.isalpha()).casefold():
        return True
    return all(word in name.casefold() for word in wanted.casefold().split())
