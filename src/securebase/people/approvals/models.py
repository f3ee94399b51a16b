"""An act that one person asked for and another confirms."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.people.vault.fields import SealedText


class Standing(StrEnum):
    """How an act stands at a moment."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    OVER = "over"


class Approval(models.Model):
    """One act that needs two persons, from being asked for to its end.

    The reason is sealed under the key of whom the act is about, so that it is gone when
    that person is erased.
    """

    class Kind(models.TextChoices):
        """What may be asked for."""

        GRANT_ROLE = "grant_role", "Give a role that opens records or runs the practice"
        RENEW_FACTOR = "renew_factor", "Let somebody choose a new second factor"
        ERASE = "erase", "Erase a person"
        EXPORT = "export", "Make the copy of a person's record for them"
        RENEW_KEYS = "renew_keys", "Put a new key in the place of an old one"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    about = models.UUIDField()
    """The account the act is about, the record of an erasure or a copy, or the practice."""
    detail = models.CharField(max_length=40, blank=True)
    """What exactly, in a word of the program: the role that is given, the kind of key."""
    reason = SealedText(owner="about", category="message")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    alone = models.BooleanField(default=False)
    """Whether there was nobody else who could confirm when it was asked for."""
    ready_at = models.DateTimeField()
    """From when it may be confirmed: at once, or after the wait of somebody alone."""
    open_until = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="two_persons_or_one_who_is_alone",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")) | Q(alone=True),
            ),
            models.CheckConstraint(
                name="a_confirmation_has_a_person_and_a_moment",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_act_is_confirmed_or_withdrawn",
                condition=Q(confirmed_at=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="an_act_is_confirmed_while_it_is_open",
                condition=Q(confirmed_at=None)
                | Q(confirmed_at__gte=F("ready_at"), confirmed_at__lt=F("open_until")),
            ),
            models.UniqueConstraint(
                name="an_act_is_asked_for_once_at_a_time",
                fields=["kind", "about", "detail"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, asked for on {self.asked_at:%d %b %Y}"

    def standing(self, *, at: datetime) -> Standing:
        """Return how the act stands at that moment."""
        if self.confirmed_at is not None:
            return Standing.CONFIRMED
        if self.withdrawn_at is not None:
            return Standing.WITHDRAWN
        return Standing.WAITING if at < self.open_until else Standing.OVER
