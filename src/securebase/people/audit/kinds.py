"""What a verb touches, and in which of their roles somebody did it.

Both are worked out from the name of the verb, room by room, so that a new verb has them
from its first row on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from securebase.people.access.words import Category
from securebase.people.audit.verbs import Verb

T = TypeVar("T")

CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        "accounts": Category.IDENTITY,
        "approvals": Category.IDENTITY,
        "audit": Category.AUDIT,
        "bridge": Category.PLAN,
        "care": Category.IDENTITY,
        "care.record": Category.MEASURE,
        "checkins": Category.MEASURE,
        "checkins.rhythm": Category.SCHEDULE,
        "consent": Category.IDENTITY,
        "episodes": Category.MEASURE,
        "formulation": Category.PLAN,
        "guidance": Category.PLAN,
        "measurement": Category.MEASURE,
        "notes": Category.PROGRESS,
        "notes.process": Category.PROCESS,
        "notes.promise": Category.SCHEDULE,
        "post": Category.SCHEDULE,
        "safety": Category.PLAN,
        "said": Category.MESSAGE,
        "said.course": Category.MEASURE,
        "practice": Category.MEASURE,
        "practice.kit": Category.MESSAGE,
        "stories": Category.IDENTITY,
        "therapy": Category.PROGRESS,
        "therapy.agenda": Category.SCHEDULE,
        "therapy.session": Category.SCHEDULE,
        "vault": Category.IDENTITY,
    }
)
"""By room, or by room and noun where a noun differs from its room."""

STAFF_FIRST = (
    "clinician", "supervisor", "partner", "host", "learner", "patient", "supporter",
)  # fmt: skip
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounts": ("host", *STAFF_FIRST),
        "accounts.invitation.use": ("patient", *STAFF_FIRST),
        "approvals": ("host", *STAFF_FIRST),
        "audit.concern.raise": ("patient", *STAFF_FIRST),
        "care.exclusion": ("patient", *STAFF_FIRST),
        "care.practice": ("host", *STAFF_FIRST),
        "care.supervision": ("supervisor", *STAFF_FIRST),
        "checkins.checkin.submit": ("patient", *STAFF_FIRST),
        "checkins.draft": ("patient", *STAFF_FIRST),
        "consent.entry": ("patient", *STAFF_FIRST),
        "consent.shared": ("partner", *STAFF_FIRST),
        "consent.support": ("supporter", *STAFF_FIRST),
        "consent.supporter": ("patient", *STAFF_FIRST),
        "notes.process.read": ("supervisor", *STAFF_FIRST),
        "said.course": ("patient", *STAFF_FIRST),
        "said.draft": ("patient", *STAFF_FIRST),
        "said.feeling": ("patient", *STAFF_FIRST),
        "said.message.send": ("patient", *STAFF_FIRST),
        "practice": ("patient", *STAFF_FIRST),
        "practice.help.read": STAFF_FIRST,
        "stories": ("host", *STAFF_FIRST),
        "vault": ("host", *STAFF_FIRST),
    }
)
"""The order in which roles are tried, by the beginning of the verb."""


def category_of(verb: Verb) -> Category:
    """Return the kind of content a verb touches; identity if its room is not listed."""
    return _nearest(verb, CATEGORIES) or Category.IDENTITY


def role_used(verb: Verb, held: Collection[str]) -> str:
    """Return the role in which somebody who holds these roles did this."""
    order = _nearest(verb, ROLES) or STAFF_FIRST
    return next((role for role in order if role in held), "")


def _nearest(verb: Verb, table: Mapping[str, T]) -> T | None:
    """Return the entry of the longest beginning of the verb that the table has."""
    parts = verb.value.split(".")
    beginnings = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((table[name] for name in beginnings if name in table), None)
