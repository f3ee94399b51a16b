"""The nouns of access: kinds of content, what may be done with it, and ties to a person.

They know no database, so the decision on who may see what can be read, tested and
argued about on its own. The kinds follow the rows of the table in
``content/access.toml``.
"""

from __future__ import annotations

from enum import StrEnum


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
