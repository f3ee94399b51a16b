"""Every table of the database: whose it is, and what becomes of it when a person goes.

A table that is not listed fails the build, so that nothing new is forgotten by the copy
a person asks for, or by an erasure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import Role, RoleHeld, User


class Sort(StrEnum):
    """Whose a table is."""

    SUBJECT = "the person's own"
    OTHERS = "about people who work here"
    PRACTICE = "the practice's"
    AUDIT = "proof of what was done"
    TECHNICAL = "needed to run; about nobody"


class Then(StrEnum):
    """What an erasure does with the rows of a person."""

    ERASE = "erased"
    EMPTY = "emptied: an empty row stays, because the trail and the ledger point at it"
    KEEP = "kept"
    NOTHING = "not touched"


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``record`` and ``account`` lead from a row to the person."""

    label: str
    sort: Sort
    says: str
    then: Then = Then.NOTHING
    record: str = ""
    account: str = ""
    readable: bool = False
    """Whether the person may read it, so that it is part of their copy."""
    readable_once: tuple[str, ...] = ()
    """Columns one of which is filled once a row is meant for the person; none: each is."""
    from_when: str = ""
    """The field that says from when on the person may read a row; empty: always."""
    hold: str = ""
    """Why it is kept: a hold of ``content/retention.toml``."""

    @property
    def model(self) -> type[Model]:
        """The model behind the table."""
        return apps.get_model(self.label)

    def readable_rows(self, subject: Subject, *, at: datetime) -> QuerySet[Any]:
        """Return the rows that the person may read at that moment."""
        rows = self.rows(subject)
        if self.readable_once:
            rows = rows.exclude(**dict.fromkeys(self.readable_once))
        return rows.filter(**{f"{self.from_when}__lte": at}) if self.from_when else rows

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """Return the rows of one person."""
        rows = self.model._base_manager.all()
        if self.record:
            return rows.filter(**{self.record: subject.record})
        if self.account and subject.account is not None:
            return rows.filter(**{self.account: subject.account})
        return rows.none()


@dataclass(frozen=True, slots=True)
class Subject:
    """One person: the record, and the account if it is nobody else's as well."""

    record: UUID
    account: UUID | None
    works_here: bool = False
    """Whether the account is also that of somebody who works here; then it stays."""

    @property
    def owners(self) -> tuple[UUID, ...]:
        """Under whose keys their words are sealed."""
        return (self.record,) if self.account is None else (self.record, self.account)


def subject_of(patient: Patient) -> Subject:
    """Return the person a record is about."""
    account: User | None = patient.account
    if account is None:
        return Subject(patient.pk, None)
    other = RoleHeld.objects.filter(user=account).exclude(role=Role.PATIENT)
    if other.exists():
        return Subject(patient.pk, None, works_here=True)
    return Subject(patient.pk, account.pk)


def tables() -> Iterator[Table]:
    """Yield every table in the order in which people think of them."""
    yield from TABLES


def _own(label: str, says: str, record: str = "patient", *, readable: bool = True) -> Table:
    return Table(label, Sort.SUBJECT, says, Then.ERASE, record=record, readable=readable)


def _released(label: str, says: str, from_when: str) -> Table:
    return replace(_own(label, says), from_when=from_when)


def _entry(label: str, says: str, account: str, *, readable: bool = False) -> Table:
    return Table(label, Sort.SUBJECT, says, Then.ERASE, account=account, readable=readable)


def _proof(label: str, says: str, hold: str, record: str = "") -> Table:
    return Table(label, Sort.AUDIT, says, Then.KEEP, record=record, hold=hold)


def _technical(label: str, says: str) -> Table:
    return Table(label, Sort.TECHNICAL, says)


TABLES: tuple[Table, ...] = (
    Table("care.Patient", Sort.SUBJECT, "The record", Then.EMPTY, record="pk", readable=True),
    Table(
        "accounts.User", Sort.SUBJECT, "The account", Then.EMPTY, account="pk", readable=True
    ),
    _own("care.Care", "Who treats or treated the person"),
    _own("care.Emergency", "Emergency accesses", readable=False),
    Table(
        "care.Exclusion",
        Sort.SUBJECT,
        "Who was kept out of the record",
        Then.KEEP,
        record="patient",
        readable=True,
        hold="consent",
    ),
    _own("consent.Proposal", "Professionals proposed for the care team"),
    _own("consent.Supporter", "People close to you whom you asked"),
    Table(
        "consent.Entry",
        Sort.SUBJECT,
        "What was shared, with whom",
        Then.KEEP,
        record="patient",
        readable=True,
        hold="consent",
    ),
    _own("measurement.Target", "People the answers are about"),
    _own("measurement.Response", "Answers to instruments"),
    _own("measurement.Score", "Scores"),
    _own("measurement.Verdict", "What a rule says", "response__patient", readable=False),
    _own("practice.Moments", "When something chosen is shown"),
    _own("practice.ChosenForMoments", "What is shown then"),
    _own("practice.Doing", "Exercises done"),
    _own("practice.SetAside", "Exercises set aside"),
    _own("practice.KitEntry", "The kit"),
    _own("practice.KitFile", "Pictures and sounds of the kit"),
    _own("practice.HelpShared", "Whether it is shared what helps"),
    _own("practice.AnsweredOffline", "Check-ins answered without a connection"),
    _own("checkins.Rhythm", "When check-ins come"),
    _own("checkins.CheckIn", "Check-ins"),
    _own("checkins.Draft", "Check-ins begun and not sent"),
    _own("safety.SafetyPlan", "Your safety plan, each version"),
    _own("said.Draft", "What you wrote and did not send"),
    _own("said.Brought", "What you brought to sessions"),
    _own("said.Answer", "Answers to what you sent"),
    _own("said.Message", "What you sent"),
    _own("said.Feeling", "Feelings you named"),
    _own("said.CourseView", "What you chose to see of your course"),
    _own("said.CourseNote", "What you wrote beside your course"),
    _own("therapy.TherapySession", "Sessions"),
    _own("therapy.AgreedInterval", "How often you meet"),
    _own("therapy.Rupture", "Strains and repairs", readable=False),
    _own("therapy.RepairEntry", "The log of a repair", "rupture__patient", readable=False),
    _own("therapy.AgendaItem", "Brought to a session by a therapist", readable=False),
    _own("therapy.SkillTaught", "Skills tried in sessions"),
    _released("notes.Note", "Signed notes", "release_at"),
    _released("notes.Addendum", "Added to signed notes", "note__release_at"),
    _own("notes.NoteDraft", "Notes not signed yet", readable=False),
    _own("notes.ProcessNote", "Process notes of a therapist", readable=False),
    _own("notes.Promise", "Promises to you"),
    _own("episodes.Episode", "Spans of care"),
    _own("episodes.PhaseChange", "Phases of care", "episode__patient"),
    _own("episodes.TrajectoryPoint", "Points of a trajectory", readable=False),
    _own("episodes.Signal", "Reasons to look", readable=False),
    _own("episodes.SignalAct", "What was done about them", "signal__patient", readable=False),
    Table(
        "formulation.Formulation",
        Sort.SUBJECT,
        "What you wrote together",
        Then.ERASE,
        record="patient",
        readable=True,
        readable_once=("offered_at", "taken_at"),
    ),
    _own("bridge.BridgePlan", "Plans for breaks and endings"),
    _own("formulation.Goal", "Goals"),
    _own("formulation.Progress", "How far goals are", "goal__patient"),
    _own("guidance.Suggestion", "Suggestions to the clinician", readable=False),
    _own("guidance.Decision", "What the clinician decided", readable=False),
    _own("guidance.ReadinessView", "How ready somebody looked", readable=False),
    _own("guidance.Proceeding", "When trauma work began, and why", readable=False),
    _own("guidance.AgendaMark", "Questions for supervision", readable=False),
    _own("guidance.SupervisionNote", "Notes of supervision", readable=False),
    _own("audit.Concern", "What you did not recognise, and the answers"),
    _entry("accounts.RoleHeld", "Roles held", "user", readable=True),
    _entry("accounts.Invitation", "Links that open the account", "account"),
    _entry("accounts.MailLink", "Links asked for by mail", "account"),
    _entry("accounts.Visit", "Sign-ins", "account", readable=True),
    _entry("accounts.KeptWords", "Forms kept from a locked page", "account", readable=True),
    _entry("accounts.Sending", "Which forms were taken, without their words", "account"),
    _entry("account.EmailAddress", "Addresses", "user"),
    _entry("account.EmailConfirmation", "Addresses to be proved", "email_address__user"),
    _entry("mfa.Authenticator", "Passkeys, apps and code sheets", "user"),
    _entry("post.Letter", "Letters sent, without their words", "account"),
    _entry("post.ReminderWishes", "When reminders are wanted", "account", readable=True),
    _entry("post.RemindersOff", "The wish for no reminders", "account", readable=True),
    _proof("audit.AuditEvent", "Who saw or did what", "trail", "patient"),
    _proof("audit.Anchor", "Anchors of that list", "trail"),
    _proof("approvals.Approval", "Acts two persons agreed on", "erasure", "about"),
    _proof("vault.ErasedOwner", "That keys were destroyed", "erasure", "owner"),
    Table("guidance.Wishes", Sort.OTHERS, "What a clinician wishes of the guidance"),
    Table("care.Supervision", Sort.OTHERS, "Who supervises whom"),
    Table("care.Practice", Sort.PRACTICE, "The practice"),
    Table("measurement.AttachedWording", Sort.PRACTICE, "Wordings of instruments"),
    _technical("vault.DataKey", "Keys of people; destroyed with an erasure"),
    _technical("vault.BlindIndex", "The index for names; destroyed with an erasure"),
    _technical("vault.PracticeKey", "Keys of the practice"),
    _technical("vault.RingVersion", "Whether keys moved"),
    _technical("vault.Rotation", "Renewals of keys"),
    _technical("vault.SheetTrial", "Trials of the recovery sheet"),
    _technical("accounts.GuessTally", "Wrong guesses, under keyed digests"),
    _technical("sessions.Session", "Open sessions; those of an erased person are ended"),
    _technical("jobs.Duty", "Work to be done once; that about an erased person is dropped"),
    _technical("jobs.Heartbeat", "Whether the worker works"),
    _technical("auth.Permission", "Django's own; not used"),
    _technical("auth.Group", "Django's own; not used"),
    _technical("auth.Group_permissions", "Django's own; not used"),
    _technical("contenttypes.ContentType", "Names of tables"),
)
"""Every table; the order is that of a copy and of a plan."""
