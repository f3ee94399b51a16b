"""Forms that were taken: the same one, sent again, is answered and not done again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from securebase.people.accounts.models import Sending, User


@transaction.atomic
def once(*, key: str, act: Callable[[], str], by: User, at: datetime) -> str:
    """Do what a form asks for, unless it was done under this key; return where it led.

    The act and the note of it are one transaction: after a power cut both are there or
    neither. Two at the same moment wait for each other.

    Parameters
    ----------
    key : str
        Digest of everything that was sent.
    act : callable
        Does it and returns the address it leads to; empty if it was not taken, and then
        it may be sent again.
    by : User
        Who sent it.
    at : datetime
        Now.
    """
    sending, is_new = Sending.objects.select_for_update(no_key=True).get_or_create(
        key=key, account=by, defaults={"led_to": "", "sent_at": at}
    )
    if not is_new:
        return sending.led_to
    led_to = act()
    if led_to:
        Sending.objects.filter(pk=key).update(led_to=led_to)
    else:
        sending.delete()
    return led_to


def forget_old_sendings(*, at: datetime) -> int:
    """Delete what no page can send any more; returns how many rows went.

    A page is sent with the cookie of its visit, which lasts ``SESSION_COOKIE_AGE``.
    """
    long_ago = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    gone, _ = Sending.objects.filter(sent_at__lt=long_ago).delete()
    return gone
