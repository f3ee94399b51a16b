"""People and records for tests, made by the same actions as real ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator

from securebase.clinic.care import actions as care
from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.checkins import actions as checkins
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.people.accounts.actions import make_account
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.vault.keys import practice_in_force
from securebase.people.vault.models import SheetTrial
from securebase.stories.submit_checkin import Receipt, submit_checkin

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning in London."""
TODAY = NOW.date()

TALKED = "We talked it through."
"""Why a strain is closed."""

_numbers = count(1)


def an_account(*roles: Role, name: str = "Robin Ash") -> User:
    """Return an account that holds these roles, as the first set-up would make it."""
    account = User.objects.create_user(f"person{next(_numbers)}@example.org", name=name)
    for role in roles:
        RoleHeld.objects.create(user=account, role=role, since=NOW - timedelta(days=400))
    return account


def a_host(name: str = "Hollis Host") -> User:
    """Return a host who treats nobody."""
    return an_account(Role.HOST, name=name)


def a_clinician(name: str = "Dr Jo Marsh") -> User:
    """Return a clinician with nobody in their care yet."""
    return an_account(Role.CLINICIAN, name=name)


def with_factor(user: User) -> User:
    """Return somebody who signs in with a second factor too, as staff must."""
    totp = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(user=user, type=totp, defaults={"data": {}})
    return user


def a_practice(*, signals_on: bool = True) -> Practice:
    """Return the practice, set up by a host."""
    try_the_sheet()
    return care.set_up_practice(
        name="Willow House",
        country="GB",
        time_zone="Europe/London",
        signals_on=signals_on,
        by=a_host(),
        at=NOW,
    )


def try_the_sheet() -> None:
    """Have the recovery sheet tried, without which nobody is welcomed."""
    mark = practice_in_force().mark
    SheetTrial.objects.get_or_create(mark=mark, defaults={"shares": 1, "at": NOW})


def a_patient(*, of: User, name: str = "Sam Reed", at: datetime = NOW) -> Patient:
    """Return a patient in the care of a clinician, with an account of their own."""
    account = make_account(
        email=f"patient{next(_numbers)}@example.org",
        name=name,
        roles=[Role.PATIENT],
        by=of,
        at=at,
    )
    return care.welcome(
        name=name,
        pronouns="they/them",
        time_zone="Europe/London",
        language="en",
        by=of,
        at=at,
        account=account,
    )


def the_account(patient: Patient) -> User:
    """Return the account a patient signs in with; there must be one."""
    assert patient.account is not None
    return patient.account


def the_clinician(patient: Patient) -> User:
    """Return the clinician of record; there must be one."""
    return patient.bonds.select_related("clinician").get(part="of_record").clinician


def terms(
    *slugs: str, starts_on: date = TODAY, at_time: time = time(19, 0), weekday: int = 0
) -> Terms:
    """Return terms for one check-in a week that always asks these instruments."""
    asked = [Asked(slug=slug, every=1) for slug in slugs or ("phq-9",)]
    return Terms(weekdays=[weekday], at_time=at_time, instruments=asked, starts_on=starts_on)


def a_checkin(patient: Patient, *slugs: str, at: datetime = NOW) -> CheckIn:
    """Return a check-in of the patient that came due at this moment."""
    local = at.astimezone(ZoneInfo(patient.time_zone))
    agreed = terms(
        *slugs, starts_on=local.date(), at_time=local.time(), weekday=local.weekday()
    )
    checkins.plan_rhythm(patient=patient, terms=agreed, by=the_clinician(patient), at=at)
    open_due(at=at)
    return CheckIn.objects.select_related("patient").get(patient=patient, due_at=at)


def answer(checkin: CheckIn, given: Mapping[str, int | str | None], *, at: datetime) -> None:
    """Let the patient answer some questions of an open check-in."""
    by = the_account(checkin.patient)
    checkins.keep_answers(checkin=checkin, given=given, by=by, at=at)


def send(
    checkin: CheckIn,
    given: Mapping[str, int | str | None],
    *,
    at: datetime,
    key: UUID | None = None,
) -> Receipt:
    """Let the patient answer some questions and send the check-in."""
    answer(checkin, given, at=at)
    by = the_account(checkin.patient)
    return submit_checkin(checkin=checkin, key=key or uuid4(), by=by, at=at)
