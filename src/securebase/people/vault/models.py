"""Keys, wrapped, and what is kept about them; the only things the database knows of keys."""

from __future__ import annotations

from django.db import models


class PracticeKey(models.Model):
    """The key that wraps data keys, itself wrapped by the root key; the newest is in force.

    ``mark`` tells which root key wrapped it, so that the key of another database is
    refused by name and not by a riddle.
    """

    number = models.PositiveIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    mark = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    wrapped_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"practice key {self.number}"


class DataKey(models.Model):
    """One wrapped key of one owner; destroying all of them erases what they sealed.

    ``owner`` is the UUID of a patient or of a person; the practice itself owns the
    keys whose owner is the nil UUID. The highest generation seals; lower ones open what
    a rotation has not reached yet.
    """

    owner = models.UUIDField()
    generation = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField()
    practice_key = models.ForeignKey(
        PracticeKey, on_delete=models.PROTECT, null=True, related_name="data_keys"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_owner_has_one_key_a_generation", fields=["owner", "generation"]
            ),
        ]

    def __str__(self) -> str:
        return f"data key {self.pk}"


class ErasedOwner(models.Model):
    """Whose key was destroyed, when and by whom: erased is not the same as never there."""

    owner = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"erased on {self.at:%d %b %Y}"


class RingVersion(models.Model):
    """One number that grows with every change of keys; a process that holds keys asks it."""

    number = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_ring", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"ring {self.number}"


class Rotation(models.Model):
    """One rotation, from its first step to its last; killed between, it is taken up again."""

    class Kind(models.TextChoices):
        ROOT = "root", "root key"
        PRACTICE = "practice", "practice key"
        DATA = "data", "data keys"

    kind = models.CharField(max_length=8, choices=Kind)
    after = models.BigIntegerField(default=0)
    """The newest key when it began; whatever is newer was made by it, or since."""
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_rotation_of_a_kind_at_a_time",
                fields=["kind"],
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"rotation of the {self.get_kind_display()}"


class SheetTrial(models.Model):
    """Somebody proved that the words of a recovery sheet rebuild the root key."""

    mark = models.BinaryField()
    shares = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"sheet tried on {self.at:%d %b %Y}"


class BlindIndex(models.Model):
    """A keyed digest of one sealed value, for finding it again by its exact text."""

    field = models.CharField(max_length=80)
    owner = models.UUIDField(db_index=True)
    generation = models.PositiveIntegerField()
    digest = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_digest_a_value", fields=["field", "owner"]),
        ]
        indexes = [models.Index(fields=["field", "digest"], name="blind_by_digest")]

    def __str__(self) -> str:
        return f"index row {self.pk}"
