"""The consent ledger, and the partners somebody may share with."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.words import Text, kind_of_text, offered
from securebase.people.access.words import Category
from securebase.people.vault.fields import SealedText


class LedgerIsAppendOnly(RuntimeError):
    """Somebody tried to change or remove a line of the consent ledger."""


class Entry(models.Model):
    """One line of the ledger: a patient shares, or stops sharing. Written once.

    What holds now is worked out from the lines each time it is asked; it is kept nowhere.
    The database itself refuses to change or remove a line (see the first migration).
    """

    class Act(models.TextChoices):
        GRANT = "grant", "began to share"
        WITHDRAW = "withdraw", "stopped sharing"

    class Method(models.TextChoices):
        APP = "app", "on their own page"
        PAPER = "paper", "on paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=8, choices=Act)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    categories = models.CharField(max_length=80)
    """Slugs of the kinds, in order, with spaces between."""
    purpose = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField()
    text_version = models.CharField(max_length=20)
    text_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=5, choices=Method)
    withdraws = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="withdrawal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "act", "id"]
        indexes = [
            models.Index(fields=["recipient", "patient", "act"], name="consent_by_recipient"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_withdrawal_points_at_its_grant",
                condition=Q(act="grant", withdraws__isnull=True)
                | Q(act="withdraw", withdraws__isnull=False),
            ),
            models.CheckConstraint(
                name="sharing_ends_after_it_begins", condition=Q(until__gt=F("since"))
            ),
            models.CheckConstraint(name="something_is_shared", condition=~Q(categories="")),
            models.CheckConstraint(
                name="substance_use_is_shared_alone",
                condition=Q(categories="sud") | ~Q(categories__contains="sud"),
            ),
            models.CheckConstraint(
                name="process_notes_are_never_shared",
                condition=~Q(categories__contains="process"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.categories}, {self.at:%d %b %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the line once; a second time is refused."""
        if not self._state.adding:
            raise LedgerIsAppendOnly(
                f"Ledger line {self.pk} is written already. Add a withdrawal or a new grant."
            )
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: a ledger forgets nothing."""
        raise LedgerIsAppendOnly(
            f"Ledger line {self.pk} cannot be removed. Withdraw the consent instead."
        )

    @property
    def scope(self) -> frozenset[Category]:
        """The kinds of content this line is about."""
        return frozenset(map(Category, self.categories.split()))

    @property
    def last_moment(self) -> datetime:
        """The last moment at which this holds; its day is the day people are told."""
        return self.until - timedelta(seconds=1)

    @property
    def is_withdrawn(self) -> bool:
        """Whether a later line takes this grant back."""
        return hasattr(self, "withdrawal")

    @property
    def text(self) -> Text:
        """The text that was shown, exactly as it was worded."""
        kind = kind_of_text(self.scope, self.purpose)
        return offered().text(kind, self.text_version)


class Proposal(models.Model):
    """A professional whom somebody would like on the care team. It opens nothing.

    ``account`` comes with the invitation, which the clinician of record sends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="proposals")
    name = SealedText(owner="patient_id", category="id")
    email = SealedText(owner="patient_id", category="id")
    profession = models.CharField(max_length=20)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.CheckConstraint(
                name="partner_invitation_has_account_who_and_when",
                condition=Q(
                    account__isnull=True, invited_by__isnull=True, invited_at__isnull=True
                )
                | Q(account__isnull=False, invited_by__isnull=False, invited_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="partner_is_on_a_care_team_once", fields=["patient", "account"]
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.proposed_at:%d %b %Y}"

    @property
    def profession_words(self) -> str:
        """The profession as it is said to people."""
        return offered().professions.get(self.profession, self.profession)


class Supporter(models.Model):
    """Somebody close whom a patient asked to be there. It opens nothing by itself.

    What they see is what the ledger says, under the purpose of support.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="supporters")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = SealedText(owner="patient_id", category="id")
    called = SealedText(owner="patient_id", category="id")
    """What this person calls the patient: the one name they are shown."""
    asked_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="supporter_is_asked_once_at_a_time",
                fields=["patient", "account"],
                condition=Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"supporter asked on {self.asked_at:%d %b %Y}"
