"""Somebody reads who has seen a record: by day and person, in plain words.

The same lines are shown to the patient and to the clinician of record. Repeated reads of
one day are one line. The number of queries does not grow with the trail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.models import Emergency, Patient
from securebase.clinic.care.opening import check_may, may
from securebase.clinic.checkins.models import CheckIn
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent, Concern
from securebase.people.audit.verbs import WORDS, Verb
from securebase.people.vault.crypto import VaultError
from securebase.people.vault.keys import hold_keys

LINES_ON_A_PAGE = 40
PERIODS = (7, 30, 90, 365)
"""Days that can be asked for; none of them means since the beginning."""
USUAL_PERIOD = 30
EVERYONE, OTHERS, YOU, SYSTEM = "everyone", "others", "you", "system"
THE_READER, THE_SYSTEM = gettext_noop("You"), gettext_noop("The system")
GONE = gettext_noop("Somebody who is not here now")
CHECKIN = "checkins.checkin"
OF_EMERGENCY = "care.emergency."
FOLDED = ("day", "actor", "role", "verb", "outcome", "purpose", "thing")
"""Rows that are the same in these are one line."""
SEEN_AS = {
    "clinician": gettext_noop("therapist"),
    "supervisor": gettext_noop("guides your therapist"),
    "partner": gettext_noop("on your care team"),
    "host": gettext_noop("looks after the system"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see: whose lines, of how many days, which page."""

    who: str = OTHERS
    """``everyone``, ``others``, ``you``, ``system`` or the id of a person."""
    days: int | None = USUAL_PERIOD
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """What one person did on one day, once or several times."""

    number: int
    """The last row of the trail that the line stands for."""
    day: date
    who: str
    role: str
    words: str
    times: int
    first: datetime
    last: datetime
    concern: Concern | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One page of who has seen a record."""

    days: tuple[tuple[date, tuple[tuple[str, str, tuple[Line, ...]], ...]], ...]
    """Days, newest first; in each the people as name, role and their lines."""
    people: tuple[tuple[str, str], ...]
    """Whose lines there are, to choose from: value and name."""
    page: Page[Any]
    wanted: Wanted


def may_read_trail(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may read who has seen the record."""
    return may(user, Action.READ, Thing(Category.AUDIT, about=patient.pk), at=at)


@transaction.atomic
def read_trail(*, patient: Patient, wanted: Wanted, by: User, at: datetime) -> Seen:
    """Gather one page of who has seen a record; the look itself is on the trail too."""
    check_may(by, Action.READ, Thing(Category.AUDIT, about=patient.pk), at=at)
    trail.record(Verb.AUDIT_READ, by=by, at=at, patient=patient.pk, about=patient)

    events = events_visible_to(by, patient, at=at)
    actors = set(events.order_by().values_list("actor", flat=True).distinct())
    page = Paginator(_folded(_chosen(events, wanted, by, at=at), patient), LINES_ON_A_PAGE)
    found = page.get_page(wanted.page)
    names = _names(actors, by)
    lines = _lines(list(found), patient, names)
    return Seen(
        days=tuple(
            (day, _by_person(some)) for day, some in groupby(lines, lambda one: one.day)
        ),
        people=_choices(names, by),
        page=found,
        wanted=wanted,
    )


def line_of(event: AuditEvent, *, patient: Patient, you: User) -> Line:
    """Return one row of the trail as a line by itself."""
    [line] = _each(AuditEvent.objects.filter(pk=event.pk), patient, you)
    return line


def lines_of(
    concerns: Collection[Concern], *, patient: Patient, you: User | None
) -> dict[UUID, Line]:
    """Return the line that each concern is about; without ``you`` everybody has a name."""
    rows = AuditEvent.objects.filter(concern__in=[one.pk for one in concerns])
    numbers = dict(rows.values_list("number", "concern"))
    return {numbers[line.number]: line for line in _each(rows, patient, you)}


def events_visible_to(by: User, patient: Patient, *, at: datetime) -> QuerySet[AuditEvent]:
    """Return the rows about a patient; from them alone, an emergency may be held back."""
    if not may_read_trail(by, patient, at=at):
        return AuditEvent.objects.none()
    events = AuditEvent.objects.filter(patient=patient.pk)
    if patient.account_id != by.pk:
        return events
    held = Emergency.objects.filter(patient=patient, told_from__gt=at)
    for clinician, since, until in held.values_list("clinician", "since", "until"):
        during = Q(at__gte=since) & Q(at__lte=until)
        events = events.exclude(during & Q(actor=clinician))
        events = events.exclude(Q(at__gte=since) & Q(verb__startswith=OF_EMERGENCY))
    return events


def _chosen(
    events: QuerySet[AuditEvent], wanted: Wanted, by: User, *, at: datetime
) -> QuerySet[AuditEvent]:
    if wanted.days is not None:
        events = events.filter(at__gte=at - timedelta(days=wanted.days))
    if wanted.who == EVERYONE:
        return events
    if wanted.who == SYSTEM:
        return events.filter(actor=None)
    if wanted.who == YOU:
        return events.filter(actor=by.pk)
    if wanted.who == OTHERS:
        return events.exclude(actor=by.pk)
    return events.filter(actor=_uuid(wanted.who))


def _uuid(text: str) -> UUID:
    """Return the id that was asked for; one that is none is nobody's."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _keyed(events: QuerySet[AuditEvent], patient: Patient) -> QuerySet[AuditEvent]:
    """Give each row what it is folded by: the patient's day, and which check-in."""
    zone = ZoneInfo(patient.time_zone)
    thing = Case(When(object_type=CHECKIN, then=F("object_id")), default=Value(""))
    return events.order_by().annotate(day=TruncDate("at", tzinfo=zone), thing=thing)


def _folded(
    events: QuerySet[AuditEvent], patient: Patient, *also: str
) -> QuerySet[Any, dict[str, Any]]:
    """Fold rows into lines in the database, the newest day first."""
    folded: QuerySet[Any, dict[str, Any]] = (
        _keyed(events, patient)
        .values(*FOLDED, *also)
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"), newest=Max("number"))
        .order_by("-day", "actor", "role", "-newest")
    )
    return folded


def _each(events: QuerySet[AuditEvent], patient: Patient, you: User | None) -> list[Line]:
    """Return every row as a line of its own."""
    rows = list(_folded(events, patient, "number"))
    return _lines(rows, patient, _names({row["actor"] for row in rows}, you))


def _lines(
    rows: list[dict[str, Any]], patient: Patient, names: Mapping[UUID | None, str]
) -> list[Line]:
    dates = _dates_of_checkins({row["thing"] for row in rows} - {""}, patient)
    concerns = _concerns(patient)
    return [
        Line(
            number=row["newest"],
            day=row["day"],
            who=(who := names.get(row["actor"], gettext(GONE))),
            role=_seen_as(row["role"]) if who != gettext(THE_READER) else "",
            words=_words(row) + dates.get(row["thing"], ""),
            times=row["times"],
            first=row["first"],
            last=row["last"],
            concern=concerns.get(_key(row)),
        )
        for row in rows
    ]


def _words(row: Mapping[str, Any]) -> str:
    words = gettext(WORDS.get(row["verb"], gettext_noop("did something here")))
    if row["outcome"] == AuditEvent.Outcome.REFUSED:
        return gettext("was not let in. What they tried: %(words)s") % {"words": words}
    if row["purpose"] == AuditEvent.Purpose.EMERGENCY:
        return gettext("%(words)s, in an emergency") % {"words": words}
    return words


def _seen_as(role: str) -> str:
    return gettext(SEEN_AS[role]) if role in SEEN_AS else ""


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in FOLDED)


def _concerns(patient: Patient) -> dict[tuple[Any, ...], Concern]:
    """Return what was raised, by the line that it belongs to; the newest if several."""
    rows = AuditEvent.objects.filter(concern__patient=patient.pk)
    keys = {
        row["concern"]: _key(row) for row in _keyed(rows, patient).values(*FOLDED, "concern")
    }
    found = Concern.objects.filter(patient=patient.pk).order_by("raised_at")
    return {keys[one.pk]: one for one in found}


def _dates_of_checkins(ids: Iterable[str], patient: Patient) -> dict[str, str]:
    zone = ZoneInfo(patient.time_zone)
    due = CheckIn.objects.filter(pk__in=list(ids), patient=patient).values_list("pk", "due_at")
    local = ((pk, at.astimezone(zone)) for pk, at in due)
    return {
        str(pk): gettext(" of %(day)s") % {"day": date_format(at, gettext("j F"))}
        for pk, at in local
    }


def _names(actors: Collection[UUID | None], you: User | None) -> dict[UUID | None, str]:
    hold_keys(actor for actor in actors if actor is not None)
    accounts = User.objects.in_bulk([actor for actor in actors if actor is not None])
    names: dict[UUID | None, str] = {pk: _name(user) for pk, user in accounts.items()}
    return names | {None: gettext(THE_SYSTEM)} | ({you.pk: gettext(THE_READER)} if you else {})


def _name(account: User) -> str:
    try:
        return account.get_full_name()
    except VaultError:
        return gettext(GONE)


def _choices(names: Mapping[UUID | None, str], by: User) -> tuple[tuple[str, str], ...]:
    people = sorted((name, str(pk)) for pk, name in names.items() if pk not in (None, by.pk))
    fixed = (
        (EVERYONE, gettext("Everyone")),
        (OTHERS, gettext("Everyone but you")),
        (YOU, gettext(THE_READER)),
        (SYSTEM, gettext(THE_SYSTEM)),
    )
    return (*fixed, *((value, name) for name, value in people))


def _by_person(lines: Iterable[Line]) -> tuple[tuple[str, str, tuple[Line, ...]], ...]:
    return tuple(
        (who, role, tuple(some))
        for (who, role), some in groupby(lines, lambda one: (one.who, one.role))
    )
