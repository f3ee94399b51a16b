"""People who sign in, the roles they hold, and invitations that open an account once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from securebase.people.vault.fields import SealedText


class Role(models.TextChoices):
    """What a person is here; one person may be several things."""

    CLINICIAN = "clinician", "Clinician"
    PATIENT = "patient", "Patient"
    PARTNER = "partner", "Partner"
    SUPERVISOR = "supervisor", "Supervisor"
    LEARNER = "learner", "Learner"
    HOST = "host", "Host"
    SUPPORTER = "supporter", "Supporter"


STAFF_ROLES = frozenset({Role.CLINICIAN, Role.PARTNER, Role.SUPERVISOR, Role.HOST})
"""Roles that must use a second factor."""


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the only ways in are an invitation and the first set-up."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; without a password it cannot sign in until one is chosen."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who may sign in. The name is sealed under the person's own key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = SealedText(owner="pk", category="id")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    theme = models.CharField(
        max_length=6,
        default="system",
        choices=[("system", "As my device"), ("light", "Light"), ("dark", "Dark")],
    )
    way_link = models.BooleanField(default=True)
    """Whether a link by mail may open the person's check-in; never more than that."""
    way_reset = models.BooleanField(default=True)
    """Whether a new passphrase may be chosen through the mailbox."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    """Django's admin is not part of this program."""
    is_superuser = False

    objects = UserManager()

    class Meta:
        ordering = ["joined_at"]

    def __str__(self) -> str:
        return f"account {str(self.pk)[:8]}"

    def get_full_name(self) -> str:
        """Return the name as the person gave it."""
        return self.name or "Somebody"

    def get_short_name(self) -> str:
        """Return the first part of the name."""
        return self.get_full_name().split()[0]

    @property
    def roles(self) -> frozenset[str]:
        """Roles held now, read once for each loaded account."""
        if "_roles" not in self.__dict__:
            held = self.roles_held.filter(until__isnull=True)
            self.__dict__["_roles"] = frozenset(held.values_list("role", flat=True))
        roles: frozenset[str] = self.__dict__["_roles"]
        return roles

    def holds(self, role: Role) -> bool:
        """Whether the person holds this role now."""
        return role.value in self.roles

    @property
    def needs_second_factor(self) -> bool:
        """Whether any role held asks for a second factor."""
        return bool(self.roles & {role.value for role in STAFF_ROLES})


class RoleHeld(models.Model):
    """One role of one person, from when until when; never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                name="role_is_held_once_at_a_time",
                fields=["user", "role"],
                condition=Q(until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} since {self.since:%d %b %Y}"


class Invitation(models.Model):
    """A link that opens one account once. Only a digest of the link is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    digest = models.BinaryField(unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    renews_factor = models.BooleanField(default=False)
    """Whether accepting it lays down the second factor: for a lost phone or key."""

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"invitation of {self.made_at:%d %b %Y}"

    def is_open(self, at: datetime) -> bool:
        """Whether the link may still be used at that moment."""
        return self.used_at is None and at < self.expires_at


class MailLink(models.Model):
    """A link somebody asked for, which works once. Only a digest of it is kept."""

    class Purpose(models.TextChoices):
        """What the link opens."""

        CHECK_IN = "check_in", "Answer a check-in"
        PASSPHRASE = "passphrase", "Choose a new passphrase"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"link of {self.made_at:%d %b %Y}"


class Visit(models.Model):
    """One signing-in on one device, from its beginning to its end.

    It is kept apart from Django's session, so that ending or locking it is one write
    that no request under way can undo. Of the device only a few plain words are kept.
    """

    class Scope(models.TextChoices):
        """How far the visit reaches."""

        WHOLE = "whole", "Everything"
        CHECK_IN = "check_in", "Only the check-in"
        HAND_OVER = "handover", "Only one form, on a device handed over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.WHOLE)
    only = models.UUIDField(null=True, blank=True)
    """The one thing it reaches, where it was begun for a single one."""
    device = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-seen_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "ended_at"], name="visit_of_account")
        ]

    def __str__(self) -> str:
        return f"visit since {self.began_at:%d %b %Y}"


class KeptWords(models.Model):
    """A form that met a locked or ended page, sealed until its person is back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_words")
    path = models.CharField(max_length=300)
    fields = SealedText(owner="account_id", category="message")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(
                name="words_are_kept_once_for_each_page", fields=["account", "path"]
            ),
        ]

    def __str__(self) -> str:
        return f"words kept on {self.kept_at:%d %b %Y}"


class Sending(models.Model):
    """One form of a page that was taken, and where its sender was led.

    Sent again exactly as it was, because the answer got lost or a button was pressed
    twice, it is not done again. The key is a digest: the table holds none of its words.
    """

    key = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sendings")
    led_to = models.CharField(max_length=500)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at"]

    def __str__(self) -> str:
        return f"a form taken on {self.sent_at:%d %b %Y}"


class GuessTally(models.Model):
    """Wrong guesses about one account, from one place, or all together.

    The key is a keyed digest: the table names no address and no machine.
    """

    key = models.CharField(max_length=64, primary_key=True)
    misses = models.FloatField(default=0)
    """Wrong guesses not forgotten yet; they leak away with time."""
    last_at = models.DateTimeField()
    open_at = models.DateTimeField()
    """When the next guess is let through."""

    class Meta:
        ordering = ["last_at"]

    def __str__(self) -> str:
        return f"{self.misses:.0f} wrong guesses"
