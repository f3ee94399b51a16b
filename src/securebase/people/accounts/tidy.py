"""What signing in leaves behind is cleared away by the clock."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from securebase.people.accounts.guesses import forget_old_guesses
from securebase.people.accounts.keeping import forget_old_words
from securebase.people.accounts.models import MailLink
from securebase.people.accounts.sendings import forget_old_sendings
from securebase.people.accounts.visits import forget_old_visits


def tidy(*, at: datetime) -> int:
    """Delete words nobody came back for, and visits, tallies, sendings and links long over.

    Running it again deletes nothing more. Returns how many rows went.
    """
    links, _ = MailLink.objects.filter(expires_at__lt=at).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return (
        links
        + sessions
        + forget_old_words(at=at)
        + forget_old_guesses(at=at)
        + forget_old_visits(at=at)
        + forget_old_sendings(at=at)
    )
