"""Whether reminders come by mail, and when."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.post.figures import is_night, longest_pause, night
from securebase.people.post.models import RemindersOff, ReminderWishes
from securebase.people.post.policies import check_can_choose_reminders
from securebase.people.post.wishes import Wishes, is_within


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


@transaction.atomic
def choose_reminder_times(
    *, account: User, wishes: Wishes, today: date, by: User, at: datetime
) -> ReminderWishes:
    """Keep when a person wants reminders; in force for the very next letter.

    ``today`` is the day where the person lives.
    """
    check_can_choose_reminders(by, account)
    _check_quiet(wishes)
    _check_time(wishes)
    _check_pause(wishes, today)
    kept, _ = ReminderWishes.objects.update_or_create(
        account=account,
        defaults={
            "at_time": wishes.at_time,
            "quiet_from": wishes.quiet_from,
            "quiet_until": wishes.quiet_until,
            "paused_until": wishes.paused_until,
            "chosen_at": at,
        },
    )
    trail.record(Verb.POST_REMINDERS, by=by, at=at, about=account)
    return kept


def _check_quiet(wishes: Wishes) -> None:
    begins, ends = wishes.quiet_from, wishes.quiet_until
    if (begins is None) is not (ends is None):
        raise ValidationError({"quiet_until": gettext("Please choose both times, or none.")})
    if begins is not None and begins == ends:
        raise ValidationError({"quiet_until": gettext("Please choose two different times.")})


def _check_time(wishes: Wishes) -> None:
    told, begins, ends = wishes.at_time, wishes.quiet_from, wishes.quiet_until
    if told is None:
        return
    if is_night(told):
        first, last = night()[1], night()[0]
        raise ValidationError(
            {
                "at_time": gettext("No mail comes at night. Choose from %(first)s to %(last)s.")
                % {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
            }
        )
    if begins is not None and ends is not None and is_within(told, begins, ends):
        raise ValidationError(
            {"at_time": gettext("This is in your quiet hours. Choose another time.")}
        )


def _check_pause(wishes: Wishes, today: date) -> None:
    last = today + longest_pause()
    if wishes.paused_until is not None and not today <= wishes.paused_until <= last:
        raise ValidationError(
            {
                "paused_until": gettext("Choose a day from today to %(last)s.")
                % {"last": f"{last:%d.%m.%Y}"}
            }
        )
