"""A person is welcomed: record, span of care, and a link to sign in if they want one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from securebase.clinic.care.actions import welcome
from securebase.clinic.care.language import check_language
from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.people.accounts.actions import invite, make_account
from securebase.people.accounts.models import Role, User
from securebase.stories.keep_keys.care_for_keys import check_sheet_tried
from securebase.stories.send_invitation import invitation_link, send_invitation


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, and what they read."""

    time_zone: str = "Europe/London"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The new record, and the link that opens its account once; shown once, never kept."""

    patient: Patient
    link: str
    """Empty where no e-mail address was given: the record then has no account."""


@transaction.atomic
def welcome_patient(
    *,
    name: str,
    pronouns: str,
    email: str,
    by: User,
    at: datetime,
    home: Home = Home(),
    planned_sessions: int | None = None,
) -> Welcome:
    """Begin a record with its first span of care; to an address goes a link for an account."""
    if not settings.SECUREBASE_DEMO:
        check_sheet_tried()
    check_language(home.language)
    account, link = None, ""
    if email.strip():
        account = make_account(email=email, name=name, roles=[Role.PATIENT], by=by, at=at)
    patient = welcome(
        name=name,
        pronouns=pronouns,
        time_zone=home.time_zone,
        language=home.language,
        by=by,
        at=at,
        account=account,
    )
    open_episode(patient=patient, by=by, at=at, planned_sessions=planned_sessions)
    if account is not None:
        invitation, token = invite(account=account, by=by, at=at)
        send_invitation(invitation, token)
        link = invitation_link(token)
    return Welcome(patient=patient, link=link)
