"""Where the rails lead, and which place a page belongs to.

Addresses are those of the program's outside contract. A place that does not exist yet
is not shown: a rail never leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import is_valid_path


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a rail: its visible word, its address and its icon."""

    label: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True)
class RailItem:
    """A place as shown on one page: ``current`` if the page lies within it."""

    place: Place
    current: bool


RAILS: dict[str, tuple[Place, ...]] = {
    "desk": (
        Place("Today", "/desk/", "today"),
        Place("People", "/desk/people/", "people"),
        Place("Calendar", "/desk/calendar/", "calendar"),
        Place("Supervision", "/desk/supervision/", "supervision"),
        Place("Learn", "/school/", "learn"),
        Place("Library", "/desk/library/", "library"),
    ),
    "keep": (
        Place("Practice", "/keep/", "home"),
        Place("People", "/keep/people/", "people"),
        Place("Health", "/keep/health/", "check"),
        Place("Style", "/keep/style/", "library"),
    ),
    "with": (Place("People who share with me", "/with/", "people"),),
}

HOMES = ("/desk/", "/me/", "/keep/", "/with/", "/school/")


def rail_items(rail: str, *, path: str) -> tuple[RailItem, ...]:
    """Return the existing places of a rail; the closest one above ``path`` is current."""
    places = [place for place in RAILS[rail] if is_valid_path(place.path)]
    within = [place for place in places if path.startswith(place.path)]
    closest = max(within, key=lambda place: len(place.path), default=None)
    return tuple(RailItem(place, current=place is closest) for place in places)


def home_of(path: str) -> str:
    """Return the first page of the audience that ``path`` belongs to."""
    return next((home for home in HOMES if path.startswith(home)), "/")
