"""The practice, the people in care, and the ties that open a record."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.people.vault.fields import SealedText


class Practice(models.Model):
    """The one practice this installation serves, and what it has chosen."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="GB")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    signals_on = models.BooleanField(default=False)
    set_up_at = models.DateTimeField()
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_practice", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Patient(models.Model):
    """A person in care: the record exists with or without an account to sign in with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="patient",
    )
    name = SealedText(owner="pk", category="id", indexed=True)
    pronouns = SealedText(owner="pk", category="id")
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    welcomed_at = models.DateTimeField()

    class Meta:
        ordering = ["welcomed_at"]

    def __str__(self) -> str:
        return f"patient {str(self.pk)[:8]}"

    @property
    def initials(self) -> str:
        """First letters of the first and last name, for lists seen in passing."""
        words = self.name.split()
        return ".".join(word[0].upper() for word in (words[:1] + words[1:][-1:])) + "."


class Care(models.Model):
    """The bond between one clinician and one patient; it opens the record."""

    class Part(models.TextChoices):
        OF_RECORD = "of_record", "clinician of record"
        COVERING = "covering", "covering clinician"
        ALSO = "also", "clinician who treats too"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="bonds")
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bonds"
    )
    part = models.CharField(max_length=10, choices=Part, default=Part.OF_RECORD)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reading_days = models.JSONField(default=list)
    """Weekdays on which the clinician reads check-ins, Monday 0 to Sunday 6."""
    reading_by = models.TimeField(default="18:00")

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_bond_of_a_pair",
                fields=["patient", "clinician"],
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="bond_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} since {self.since:%d %b %Y}"

    def holds(self, at: datetime) -> bool:
        """Whether the bond holds at that moment, as ``open_bonds`` asks of many."""
        return self.since <= at and (self.until is None or self.until > at)


class Supervision(models.Model):
    """A contract between a supervisor and the clinician whose work is supervised.

    It opens the clinician's cases to the supervisor, by initials, while it lasts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervisions_given"
    )
    supervisee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervisions_had"
    )
    since = models.DateTimeField()
    until = models.DateTimeField()
    """Every contract ends; it is renewed by another, never left open."""
    note = SealedText(owner="supervisee_id", category="progress")
    """What was agreed: how often, about what."""

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                name="supervision_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="nobody_supervises_themselves", condition=~Q(supervisor=F("supervisee"))
            ),
        ]

    def __str__(self) -> str:
        return f"supervision since {self.since:%d %b %Y}"


class Emergency(models.Model):
    """A record opened once without a tie: by whom, why, until when, and what was found.

    It never becomes a bond. A review closes it; until then it stays on the list.
    """

    class Kind(models.TextChoices):
        DANGER = "danger", "danger to life"
        COVER_FAILED = "cover_failed", "the cover could not be reached"
        OTHER = "other", "another reason"

    class Outcome(models.TextChoices):
        NEEDED = "needed", "It was needed"
        TALK = "talk", "We talk about it"
        NOT_NEEDED = "not_needed", "It was not needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergencies"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies")
    reason_kind = models.CharField(max_length=12, choices=Kind)
    reason = SealedText(owner="patient_id", category="progress")
    since = models.DateTimeField()
    until = models.DateTimeField()
    told_from = models.DateTimeField()
    """When the patient may read of it: at once, or after a delay that says why."""
    delay_reason = SealedText(owner="patient_id", category="progress")
    review_by = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    review_note = SealedText(owner="patient_id", category="progress")

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                name="emergency_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="emergency_is_told_after_it_begins", condition=Q(told_from__gte=F("since"))
            ),
            models.CheckConstraint(
                name="a_review_has_moment_person_and_outcome",
                condition=Q(reviewed_at=None, reviewed_by=None, outcome="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"emergency access of {self.since:%d %b %Y}"


class ExclusionIsAppendOnly(RuntimeError):
    """Somebody tried to change or remove a line about who is kept out."""


class Exclusion(models.Model):
    """One line: somebody here shall not see the record, or may again. Written once.

    Who is kept out now is worked out from the lines. The database itself refuses to
    change or remove one (see the migration).
    """

    class Act(models.TextChoices):
        SHUT = "shut", "kept out"
        LIFT = "lift", "no longer kept out"

    class Method(models.TextChoices):
        APP = "app", "on their own page"
        SAID = "said", "told their therapist"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=4, choices=Act)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="exclusions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lifts = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="lifted_by"
    )
    method = models.CharField(max_length=4, choices=Method)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "act", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_lifting_points_at_its_exclusion",
                condition=Q(act="shut", lifts__isnull=True)
                | Q(act="lift", lifts__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, {self.at:%d %b %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the line once; a second time is refused."""
        if not self._state.adding:
            raise ExclusionIsAppendOnly(f"Line {self.pk} is written already. Add a lifting.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: who was kept out stays on paper."""
        raise ExclusionIsAppendOnly(f"Line {self.pk} cannot be removed. Lift it instead.")
