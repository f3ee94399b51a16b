"""What a clinician wishes of the guidance: pattern matching, and a mail each morning."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.guidance.models import Wishes
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


def check_can_wish(user: User) -> None:
    """Raise unless this is a clinician, who chooses for themselves."""
    if not (user.is_active and user.holds(Role.CLINICIAN)):
        raise PermissionDenied("Only a clinician chooses how guidance works for them.")


def can_wish(user: User) -> bool:
    """Whether this is a clinician, who chooses for themselves."""
    return granted(check_can_wish, user)


def wishes_of(user: User) -> Wishes:
    """Return what a clinician chose; the defaults if they never did."""
    return Wishes.objects.filter(clinician=user).first() or Wishes(clinician=user)


@transaction.atomic
def choose_wishes(*, patterns: bool, digest: bool, by: User, at: datetime) -> Wishes:
    """Keep what the clinician wishes from now on."""
    check_can_wish(by)
    wishes, _ = Wishes.objects.update_or_create(
        clinician=by, defaults={"patterns": patterns, "digest": digest}
    )
    trail.record(Verb.GUIDANCE_WISH, by=by, at=at, about=wishes)
    return wishes
