"""Data keys, wrapped; the only thing about keys that the database knows."""

from __future__ import annotations

from django.db import models


class DataKey(models.Model):
    """The wrapped key of one owner; destroying it erases all that it sealed.

    ``owner`` is the UUID of a patient or of a person; the practice itself owns the
    key whose owner is the nil UUID.
    """

    owner = models.UUIDField(unique=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"data key {self.pk}"
