"""The lease table: work that must happen once, whoever does it and whatever crashes."""

from __future__ import annotations

from django.db import models


class Duty(models.Model):
    """One thing to be done once, claimed by one worker for a while; then its receipt.

    A worker that dies leaves a claim that lapses; ``key`` makes the same duty
    impossible to enter twice.
    """

    key = models.CharField(max_length=120, unique=True)
    work = models.CharField(max_length=40)
    about = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    says = models.CharField(max_length=200, blank=True)
    """What came of it, in words for the host; nothing about a person."""
    well = models.BooleanField(default=True)
    """Whether nobody needs to look at what came of it."""
    seconds = models.FloatField(null=True, blank=True)
    """How long it took."""

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["done_at", "due_at"], name="duty_by_due")]

    def __str__(self) -> str:
        return f"{self.work} due {self.due_at:%d %b %Y %H:%M}"


class Heartbeat(models.Model):
    """When the clock last ticked, so that a stopped worker is noticed."""

    name = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%d %b %Y %H:%M}"
