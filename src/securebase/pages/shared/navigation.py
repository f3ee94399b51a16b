"""Where the rails lead, and which place a page belongs to.

Addresses are those of the program's outside contract. A place that does not exist yet
is not shown: a rail never leads nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import is_valid_path


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a rail: its visible word, its address and its icon."""

    label: str
    path: str
    icon: str
    role: str = ""
    """Who finds this place: only those who hold the role; everybody if it is empty."""


@dataclass(frozen=True, slots=True)
class RailItem:
    """A place as shown on one page: ``current`` if the page lies within it."""

    place: Place
    current: bool


RAILS: dict[str, tuple[Place, ...]] = {
    "desk": (
        Place("Today", "/desk/", "today", "clinician"),
        Place("People", "/desk/people/", "people", "clinician"),
        Place("Sessions", "/desk/sessions/", "clock", "clinician"),
        Place("Calendar", "/desk/calendar/", "calendar", "clinician"),
        Place("Supervision", "/desk/supervision/", "supervision", "supervisor"),
        Place("Supervision", "/desk/supervision/contracts", "supervision", "clinician"),
        Place("Learn", "/school/", "learn"),
        Place("Library", "/desk/library/", "library", "clinician"),
    ),
    "keep": (
        Place("Practice", "/keep/", "home"),
        Place("People", "/keep/people/", "people"),
        Place("Two persons", "/keep/approvals/", "check"),
        Place("Subjects", "/keep/subjects/", "person"),
        Place("Supervision", "/keep/supervision/", "supervision"),
        Place("Emergencies", "/keep/emergencies/", "look"),
        Place("Concerns", "/keep/concerns/", "speak"),
        Place("Anchors", "/keep/anchors/", "lock"),
        Place("Keys", "/keep/keys/", "lock"),
        Place("Backups", "/keep/backups/", "clock"),
        Place("Health", "/keep/health/", "check"),
        Place("Retention", "/keep/retention/", "calendar"),
        Place("Evidence", "/keep/evidence/", "look"),
        Place("Style", "/keep/style/", "library"),
    ),
    "with": (
        Place("People", "/with/", "people", "partner"),
        Place("Close to me", "/with/support/", "person", "supporter"),
    ),
}

BELONGS = {
    "/desk/drafts/": "/desk/sessions/",
    "/desk/notes/": "/desk/sessions/",
    "/desk/apart/": "/desk/people/",
    "/desk/check-ins/": "/desk/people/",
    "/desk/messages/": "/desk/people/",
    "/desk/responses/": "/desk/people/",
    "/desk/ruptures/": "/desk/people/",
    "/desk/signals/": "/desk/people/",
    "/desk/supervision/notes": "/desk/supervision/contracts",
}
"""Addresses that begin otherwise than the place to which their pages belong."""
ENTERED_BY_TWO = ("/desk/supervision/", "/with/support/")
HOMES = ("/desk/", "/me/", "/keep/", "/with/", "/school/")


def rail_items(
    rail: str, *, path: str, roles: Collection[str] | None = None
) -> tuple[RailItem, ...]:
    """Return the existing places of a rail; the closest one above ``path`` is current.

    ``roles`` are those of whoever looks: a place for another role is left out, and of two
    places with one name the first is shown. None shows what any role would find.
    """
    open_ = [p for p in RAILS[rail] if not p.role or roles is None or p.role in roles]
    named = {place.label: place for place in reversed(open_) if is_valid_path(place.path)}
    places = [place for place in open_ if named.get(place.label) is place]
    begun = next((of for begin, of in BELONGS.items() if path.startswith(begin)), path)
    within = [place for place in places if begun.startswith(place.path)]
    closest = max(within, key=lambda place: len(place.path), default=None)
    return tuple(RailItem(place, current=place is closest) for place in places)


def home_of(path: str) -> str:
    """Return the first page of the audience that ``path`` belongs to.

    From a room that two audiences enter, the front door leads each to their own.
    """
    if path.startswith(ENTERED_BY_TWO):
        return "/"
    return next((home for home in HOMES if path.startswith(home)), "/")
