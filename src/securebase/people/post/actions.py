"""Turning reminders by mail on and off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.post.models import RemindersOff
from securebase.people.post.policies import check_can_choose_reminders


@transaction.atomic
def choose_reminders(*, account: User, wanted: bool, by: User, at: datetime) -> bool:
    """Keep whether a person wants reminders; in force for the very next letter."""
    check_can_choose_reminders(by, account)
    if wanted:
        RemindersOff.objects.filter(account=account).delete()
    else:
        RemindersOff.objects.get_or_create(account=account, defaults={"since": at})
    trail.record(Verb.POST_REMINDERS, by=by, at=at, about=account)
    return wanted
