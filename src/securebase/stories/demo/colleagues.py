"""Who else works in the demo: a supervisor of its clinician, and a colleague on call."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Patient
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.guidance.talking import note_supervision
from securebase.clinic.notes.models import ProcessNote
from securebase.clinic.notes.showing import show_apart
from securebase.people.accounts.actions import accept_invitation, invite, make_account
from securebase.people.accounts.models import Role, User
from securebase.stories.demo.cast import ZONE, told
from securebase.stories.demo.play import Person

A_YEAR = timedelta(days=364)
COVER_BEGINS, COVER_ENDS = timedelta(days=8), timedelta(days=14)


def bring_in_a_supervisor(*, clinician: User, host: User, at: datetime) -> User:
    """Return a supervisor who sees the clinician's work for a year from today."""
    supervisor = _account("supervisor", Role.SUPERVISOR, host=host, at=at)
    today = at.astimezone(ZoneInfo(ZONE)).date()
    agree_on_supervision(
        supervisor=supervisor,
        supervisee=clinician,
        days=Days(today, today + A_YEAR, ZONE),
        note=told()["supervisor"]["agreed"],
        by=clinician,
        at=at,
    )
    return supervisor


def talk_in_supervision(people: Sequence[Person], *, supervisor: User, at: datetime) -> None:
    """Let the supervisor keep what was talked about with the first people's clinician.

    The clinician shows the process note that belongs to it.
    """
    for person, work in zip(people, told()["work"], strict=False):
        if "talked" in work:
            note_supervision(patient=person.patient, words=work["talked"], by=supervisor, at=at)
            for note in ProcessNote.objects.filter(patient=person.patient)[:1]:
                show_apart(note=note, supervisor=supervisor, by=note.author, at=at)


def bring_in_a_colleague(
    patients: Sequence[Patient], *, clinician: User, host: User, at: datetime
) -> User:
    """Return a second clinician, who covers for these people next week."""
    colleague = _account("colleague", Role.CLINICIAN, host=host, at=at)
    today = at.astimezone(ZoneInfo(ZONE)).date()
    days = Days(today + COVER_BEGINS, today + COVER_ENDS, ZONE)
    arrange_cover(patients=patients, colleague=colleague, days=days, by=clinician, at=at)
    return colleague


def _account(who: str, role: Role, *, host: User, at: datetime) -> User:
    person = told()[who]
    account = make_account(
        email=person["email"], name=person["name"], roles=[role], by=host, at=at
    )
    _, token = invite(account=account, by=host, at=at)
    return accept_invitation(token=token, password=secrets.token_urlsafe(24), at=at)
