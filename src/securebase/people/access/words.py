"""The nouns of access: who asks, for what, by which tie, and what is answered.

They know no database, so the decision on who may see what can be read, tested and
argued about on its own. The kinds of content follow the columns of the table in
``content/access.toml``, the ties and roles its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Category(StrEnum):
    """A kind of content about a person; consent and access speak in these words."""

    IDENTITY = "id"
    """Name, contact, birth date, who cares for them."""
    SCHEDULE = "sched"
    """When sessions and check-ins are."""
    MEASURE = "measure"
    """Answers, scores, trajectories and signals."""
    PLAN = "plan"
    """Treatment plan, formulation and safety plan."""
    PROGRESS = "progress"
    """Signed progress notes and what happened in sessions."""
    PROCESS = "process"
    """The therapist's own process notes, kept apart."""
    SUBSTANCE = "sud"
    """Substance use, which asks for its own consent."""
    SOCIAL = "social"
    """Social needs."""
    MESSAGE = "message"
    """Messages, needs and fears."""
    NETWORK = "net"
    """The support map; it names third people."""
    AUDIT = "audit"
    """Who saw or did what."""
    COURSE = "course"
    """What a clinician learns; nothing about a patient."""


class Action(StrEnum):
    """What may be done with a thing."""

    READ = "read"
    WRITE = "write"
    SIGN = "sign"
    EXPORT = "export"
    ERASE = "erase"
    SHARE = "share"


class Tie(StrEnum):
    """What ties an actor to the person whom a thing is about, at one moment."""

    SELF = "self"
    OF_RECORD = "of record"
    COVERING = "covering"
    SUPERVISING = "supervising"
    CONSENTED = "consented"
    SUPPORTING = "supporting"
    EMERGENCY = "emergency"
    EXCLUDED = "excluded"
    """The person has said that this actor sees nothing; it outweighs every other tie."""


class Kind(StrEnum):
    """What sort of thing within its category, where the table makes a difference."""

    ORDINARY = "ordinary"
    RECORD = "record"
    """The record as one page, under the full name."""
    SAFETY_PLAN = "safety plan"
    CRISIS_STEPS = "crisis steps"
    """The part of a safety plan that the person shares with a supporter."""
    PROMPT = "prompt"
    """A signal, a suggestion or a noted strain: asks a clinician to look."""
    DRAFT = "draft"
    """Words that are not sent yet."""


class Obligation(StrEnum):
    """What whoever is let in owes."""

    AUDIT = "audit"
    INITIALS = "initials only"
    MINIMAL = "minimal identity"
    METADATA = "who and when, no content"
    STEP_UP = "step up"
    TELL_PATIENT = "tell the patient"
    TELL_OF_RECORD = "tell the clinician of record"
    TWO_PEOPLE = "two people"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: the key of an account, and the roles it holds now."""

    pk: UUID | None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for: its category, whom it is about, and the facts that decide.

    ``about`` is the key of a patient's record; None for what is about no patient.
    ``author`` and ``parties`` are keys of accounts: who wrote it, who is in the thread.
    """

    category: Category
    about: UUID | None = None
    author: UUID | None = None
    kind: Kind = Kind.ORDINARY
    signed: bool = False
    released: bool = False
    """Whether the patient is meant to see it: a score released, a plan shared with them."""
    shared: bool = False
    """Whether its author shared this one process note with the supervisor."""
    parties: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class TieHeld:
    """One tie between the actor and the patient; it holds while since <= at < until."""

    tie: Tie
    since: datetime
    until: datetime | None = None
    categories: frozenset[Category] = frozenset()
    """What was named when the tie was made: the categories of a consent, or substance
    use granted to a cover. Empty on an exclusion: everything."""
    purpose: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Context:
    """The moment, and every tie between this actor and the patient the thing is about."""

    at: datetime
    ties: tuple[TieHeld, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may be done, the code of the reason, and what is owed for it."""

    permitted: bool
    reason: str
    obligations: frozenset[Obligation] = frozenset()
