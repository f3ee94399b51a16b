"""What an erasure would do, table by table, before anybody agrees to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from securebase.clinic.therapy.models import TherapySession
from securebase.stories.holds import holds, record_term
from securebase.stories.subject_tables import Subject, Table, Then, subject_of, tables


@dataclass(frozen=True, slots=True)
class Line:
    """One table of the plan."""

    table: Table
    rows: int
    why: str = ""
    """Why rows are kept; empty for those that go."""
    at_least_until: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan for one person."""

    subject: Subject
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]

    @property
    def touched(self) -> tuple[Line, ...]:
        """The tables that hold something of this person."""
        return tuple(line for line in self.lines if line.rows)

    @property
    def untouched(self) -> tuple[Line, ...]:
        """The tables that were looked at and hold nothing of this person."""
        return tuple(line for line in self.lines if not line.rows)

    @property
    def erased(self) -> int:
        """How many rows would go."""
        return sum(line.rows for line in self.lines if line.table.then is Then.ERASE)

    @property
    def kept(self) -> int:
        """How many rows would stay, without name, address or words."""
        return sum(line.rows for line in self.lines if line.table.then is Then.KEEP)


def plan_erasure(patient: Patient, *, at: datetime) -> Plan:
    """Return what erasing this person would do; nothing is changed."""
    subject = subject_of(patient)
    lines = tuple(
        _line(table, subject, at=at) for table in tables() if table.then is not Then.NOTHING
    )
    return Plan(subject, lines, tuple(_warnings(patient, subject, at=at)))


def last_contact(patient: Patient) -> datetime:
    """Return when this person was last in touch: a session, an answer, or a bond's end."""
    of_record = Care.objects.filter(patient=patient, part=Care.Part.OF_RECORD)
    ends = (
        of_record.aggregate(last=Max("until"))["last"],
        TherapySession.objects.filter(patient=patient).aggregate(last=Max("starts_at"))["last"],
        Response.objects.filter(patient=patient).aggregate(last=Max("answered_at"))["last"],
        CheckIn.objects.filter(patient=patient).aggregate(last=Max("due_at"))["last"],
        patient.welcomed_at,
    )
    return max(moment for moment in ends if moment is not None)


def _line(table: Table, subject: Subject, *, at: datetime) -> Line:
    count = table.rows(subject).count()
    if not table.hold:
        return Line(table, count)
    term = holds()[table.hold]
    return Line(table, count, term.says, term.over(at))


def _warnings(patient: Patient, subject: Subject, *, at: datetime) -> list[str]:
    found = []
    if Care.objects.filter(open_bonds(at), patient=patient).exists():
        found.append("This person is in care now. Whoever treats them loses the whole record.")
    until = record_term().over(last_contact(patient))
    if until > at.date():
        found.append(
            f"Records are usually kept until {until:%d %b %Y}. Erase earlier only if your law "
            "allows it, and say in the reason why."
        )
    if subject.works_here:
        found.append("This person works here too: the account stays, the record goes.")
    return found
