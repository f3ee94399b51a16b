"""Letters on their way, and the wish of a person to get no reminders."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from securebase.people.post.wishes import Wishes
from securebase.people.vault.fields import SealedText


class Letter(models.Model):
    """One letter, entered together with what it tells of; its row stays for good.

    No words are kept: what a letter says is written when it is sent, from what it is
    ``about``. Only what cannot be found again, such as the token of a link, waits sealed
    in ``secret``, and is wiped as soon as the letter is settled.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENDING = "sending", "being handed over"
        SENT = "sent", "accepted by the mail server"
        MAYBE = "maybe", "maybe sent"
        WITHDRAWN = "withdrawn", "not needed any more"
        FAILED = "failed", "could not be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    """What the letter is, once: a second letter of the same key is the same letter."""
    kind = models.CharField(max_length=24)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
    )
    """To whom; empty where only the worker may find out whether there is an account."""
    about = models.JSONField(default=dict)
    """Ids and dates, nothing else."""
    secret = SealedText(owner="practice", category="post", null=True)
    due_at = models.DateTimeField()
    not_after = models.DateTimeField()
    """After this the letter would come too late and does not go."""
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    """Milliseconds from handing over until the mail server had accepted."""
    trouble = models.CharField(max_length=60, blank=True)
    """The kind of the last trouble; never what the mail server said."""

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                name="letter_is_sent_with_its_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="letter_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} letter, {self.get_state_display()}"


class ReminderWishes(models.Model):
    """When a person wants reminders; no row means as soon as something is ready."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="reminder_wishes",
    )
    at_time = models.TimeField(null=True, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["chosen_at"]
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"wishes about reminders of {self.chosen_at:%d %b %Y}"

    @property
    def wishes(self) -> Wishes:
        """What was chosen."""
        return Wishes(self.at_time, self.quiet_from, self.quiet_until, self.paused_until)


class RemindersOff(models.Model):
    """A person who wants no reminders by mail, since when."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="reminders_off",
    )
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return f"no reminders since {self.since:%d %b %Y}"
