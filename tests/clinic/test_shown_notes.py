"""A process note shown to one's supervisor.

Its author alone shows it, note by note, and takes it back. Who supervises the work reads
it while the contract holds, and each reading is on the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from securebase.clinic.care.days import Days
from securebase.clinic.care.exclusion import keep_out
from securebase.clinic.care.models import Care, Patient, Supervision
from securebase.clinic.care.supervision import agree_on_supervision, end_supervision
from securebase.clinic.notes.apart import begin_apart, drop_apart, keep_apart
from securebase.clinic.notes.models import ProcessNote
from securebase.clinic.notes.showing import (
    can_show,
    hide_apart,
    notes_shown_to,
    read_shown,
    show_apart,
    supervisors_for,
)
from securebase.people.accounts.models import Role, User
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
A_YEAR = Days(date(2026, 11, 23), date(2027, 11, 20), "Europe/London")
LATER = datetime.fromisoformat("2026-12-01T09:00:00+00:00")


@dataclass(frozen=True)
class Work:
    """Jo treats Sam, is supervised by Val, and wrote a process note."""

    jo: User
    val: User
    sam: Patient
    note: ProcessNote

    def read_by(self, user: User) -> list[str]:
        """Return the words that are shown to somebody."""
        return [one.text for one in notes_shown_to(user, at=LATER)]

    def show(self, *, to: User | None = None, by: User | None = None) -> ProcessNote:
        """Show the note to Val, as Jo, unless somebody else is said."""
        return show_apart(note=self.note, supervisor=to or self.val, by=by or self.jo, at=LATER)


def supervised_by(supervisor: User, clinician: User) -> Supervision:
    return agree_on_supervision(
        supervisor=supervisor, supervisee=clinician, days=A_YEAR, by=clinician, at=NOW
    )


@pytest.fixture
def work() -> Work:
    make.a_practice()
    jo, val = make.a_clinician("Dr Jo Marsh"), make.an_account(Role.SUPERVISOR, name="Val Orr")
    sam = make.a_patient(of=jo)
    supervised_by(val, jo)
    note = begin_apart(patient=sam, by=jo, at=NOW)
    note = keep_apart(note=note, text="I was tired.", version=1, by=jo, at=NOW)
    return Work(jo, val, sam, note)


def test_nothing_is_shown_until_its_author_shows_it_and_then_this_note_alone(
    work: Work,
) -> None:
    other = begin_apart(patient=work.sam, by=work.jo, at=NOW)
    keep_apart(note=other, text="Not this one.", version=1, by=work.jo, at=NOW)
    before = work.read_by(work.val)

    work.show()

    assert (before, work.read_by(work.val)) == ([], ["I was tired."])


def test_showing_reading_and_hiding_each_leave_one_row_without_a_word(work: Work) -> None:
    with added_rows() as rows:
        shown = work.show()
        work.show()
        read_shown(note=shown, by=work.val, at=LATER)
        hide_apart(note=shown, by=work.jo, at=LATER)
        hide_apart(note=shown, by=work.jo, at=LATER)

    assert [(row.verb, row.patient) for row in rows] == [
        (verb.value, work.sam.pk)
        for verb in (Verb.PROCESS_SHOW, Verb.PROCESS_READ, Verb.PROCESS_HIDE)
    ]
    assert "tired" not in str([vars(row) for row in rows])


def ends_the_contract(work: Work) -> None:
    end_supervision(contract=Supervision.objects.get(), by=work.jo, at=LATER)


def takes_it_back(work: Work) -> None:
    hide_apart(note=work.note, by=work.jo, at=LATER)


def throws_it_away(work: Work) -> None:
    drop_apart(note=work.note, by=work.jo, at=LATER)


def hands_the_work_on(work: Work) -> None:
    """Another clinician of the same supervisor is of record now."""
    Care.objects.filter(patient=work.sam).update(until=LATER)
    new = make.a_clinician("Dr Lee Park")
    Care.objects.create(patient=work.sam, clinician=new, since=LATER)
    supervised_by(work.val, new)


def is_kept_out(work: Work) -> None:
    account = make.the_account(work.sam)
    keep_out(patient=work.sam, person=work.val, by=account, at=LATER)


@pytest.mark.parametrize(
    "happens",
    [ends_the_contract, takes_it_back, throws_it_away, hands_the_work_on, is_kept_out],
)
def test_it_is_closed_at_once_when(work: Work, happens: Callable[[Work], None]) -> None:
    shown = work.show()

    happens(work)

    assert work.read_by(work.val) == []
    with pytest.raises(PermissionDenied, match="not shown to you"):
        read_shown(note=shown, by=work.val, at=LATER)


def test_it_is_shown_only_to_somebody_who_supervises_this_work(work: Work) -> None:
    stranger = make.an_account(Role.SUPERVISOR, name="Nia Cole")

    assert supervisors_for(work.note, at=LATER) == [work.val]
    with pytest.raises(ValidationError, match="supervises your work with this person"):
        work.show(to=stranger)


def test_nobody_but_its_author_shows_it(work: Work) -> None:
    colleague = make.a_clinician("Dr Lee Park")

    for who in (colleague, work.val, make.the_account(work.sam), make.a_host()):
        assert not can_show(who, work.note, at=LATER)
    with pytest.raises(PermissionDenied):
        work.show(by=work.val)


def test_what_is_shown_is_the_note_as_it_stands_still_sealed_under_its_authors_key(
    work: Work,
) -> None:
    work.show()
    keep_apart(note=work.note, text="Less tired.", version=2, by=work.jo, at=LATER)

    assert work.read_by(work.val) == ["Less tired."]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM notes_processnote")
        assert b"tired" not in bytes(cursor.fetchone()[0])
