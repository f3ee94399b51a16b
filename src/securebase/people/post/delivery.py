"""Sending what is due: each letter once, whoever dies meanwhile.

A worker claims a letter, writes it, and says so in the table *before* it hands it to the
mail server. If it dies before that, the claim lapses and another worker takes the letter.
If it dies after that, nobody can know whether the server accepted: the letter becomes
"maybe sent", is shown to the host, and is not sent again by itself.
``attempts`` numbers the claims, so that a worker that was only slow changes nothing more.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet

from securebase.people.post.figures import morning_after
from securebase.people.post.models import Letter

State = Letter.State
LEASE = timedelta(minutes=5)
"""Longer than any handing over lasts: ``EMAIL_TIMEOUT`` ends that first."""
LONGEST_WAIT = timedelta(hours=1)
"""How long after a trouble the next attempt comes at the latest."""
AT_ONCE = 100
"""Letters looked at in one round; the next one takes the rest."""
FOR_GOOD = 500
"""From this reply code on a mail server means that asking again is no use."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter says, and to which address."""

    to: str
    subject: str
    words: str
    by_day_in: str = ""
    """Time zone of the receiver, if the letter must not come at night."""
    not_before: datetime | None = None
    """Until when it waits, if the receiver wished so."""


Write = Callable[[Letter, datetime], Written | None]
"""Writes a letter at the moment it is sent; None if nobody needs it any more."""


class ServerAway(Exception):
    """The mail server cannot be reached, or went away: the next letter fares no better."""


def deliver(writers: Mapping[str, Write], *, at: datetime) -> dict[str, int]:
    """Send the letters that are due; return how many of each kind were accepted."""
    _give_up(at)
    due = Letter.objects.filter(_free(at), state=State.WAITING, due_at__lte=at)
    sent: dict[str, int] = {}
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        letter = claim(pk, at=at)
        if letter is None:
            continue
        try:
            if _send(letter, writers[letter.kind], at=at):
                sent[letter.kind] = sent.get(letter.kind, 0) + 1
        except ServerAway:
            break
    return sent


def claim(pk: UUID, *, at: datetime) -> Letter | None:
    """Return the letter if it is this worker's for a while; None if somebody else has it."""
    free = Letter.objects.filter(_free(at), pk=pk, state=State.WAITING, due_at__lte=at)
    if not free.update(claimed_until=at + LEASE, attempts=F("attempts") + 1):
        return None
    return Letter.objects.select_related("account").get(pk=pk)


def message_id(letter: Letter) -> str:
    """Return the number a mail server may know a letter by, the same at every attempt."""
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"


def _send(letter: Letter, write: Write, *, at: datetime) -> bool:
    """Write one letter and hand it over; return whether it was accepted."""
    try:
        written = _written(letter, write, at)
    except Exception:
        logger.exception("a letter could not be written")
        _later(letter, at=at, trouble="NotWritten")
        return False
    if written is None:
        _settle(letter, State.WITHDRAWN)
        return False
    later = _later_moment(written, at=at)
    if later is not None:
        _mine(letter).update(due_at=later, claimed_until=None)
        return False
    return _hand_over(letter, written, at=at)


def _later_moment(written: Written, *, at: datetime) -> datetime | None:
    """Return when a letter may go that must not go now; None if it may."""
    first = max(at, written.not_before or at)
    zone = written.by_day_in
    first = (morning_after(first, zone=zone) if zone else None) or first
    return first if first > at else None


def _written(letter: Letter, write: Write, at: datetime) -> Written | None:
    if letter.account is not None and not letter.account.is_active:
        return None
    return write(letter, at)


def _hand_over(letter: Letter, written: Written, *, at: datetime) -> bool:
    """Carry a letter to the mail server, which is reached before the table says so."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as trouble:
        _later(letter, at=at, trouble=type(trouble).__name__)
        raise ServerAway from trouble
    try:
        if not _mine(letter).update(state=State.SENDING, claimed_until=at + LEASE):
            return False
        began = time.monotonic()
        connection.send_messages([_message(letter, written)])
        took = int((time.monotonic() - began) * 1000)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        _refused(letter, refusal, at=at)
        return False
    except (OSError, smtplib.SMTPException) as trouble:
        _settle(letter, State.MAYBE, trouble=type(trouble).__name__)
        raise ServerAway from trouble
    finally:
        _hang_up(connection)
    _settle(letter, State.SENT, sent_at=at, took_ms=took, trouble="")
    return True


def _message(letter: Letter, written: Written) -> EmailMessage:
    return EmailMessage(
        written.subject,
        written.words,
        settings.DEFAULT_FROM_EMAIL,
        [written.to],
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )


def _hang_up(connection: BaseEmailBackend) -> None:
    """Close the connection; whatever goes wrong now, the letter's fate is known."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("the mail server went without a word")


def _refused(
    letter: Letter,
    refusal: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused,
    *,
    at: datetime,
) -> None:
    """Keep that the server did not take the letter; ask again later if it may change."""
    trouble = type(refusal).__name__
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in refusal.recipients.values()]
    else:
        codes = [refusal.smtp_code]
    if min(codes, default=0) >= FOR_GOOD:
        _settle(letter, State.FAILED, trouble=trouble)
    else:
        _later(letter, at=at, trouble=trouble)


def _give_up(at: datetime) -> None:
    """Settle what nobody can send any more: left in the air, or too late by now."""
    lapsed = Letter.objects.filter(state=State.SENDING, claimed_until__lte=at)
    lapsed.update(state=State.MAYBE, secret=None, claimed_until=None)
    late = Letter.objects.filter(_free(at), state=State.WAITING, not_after__lte=at)
    late.filter(trouble="").update(state=State.WITHDRAWN, secret=None, claimed_until=None)
    late.exclude(trouble="").update(state=State.FAILED, secret=None, claimed_until=None)


def _later(letter: Letter, *, at: datetime, trouble: str) -> None:
    """Leave a letter for another attempt, each time a little later."""
    wait = min(LEASE * letter.attempts, LONGEST_WAIT)
    Letter.objects.filter(
        pk=letter.pk, attempts=letter.attempts, state__in=[State.WAITING, State.SENDING]
    ).update(state=State.WAITING, claimed_until=at + wait, trouble=trouble)


def _settle(letter: Letter, state: str, **told: object) -> None:
    """Write down what became of a letter, and wipe what was secret about it."""
    held = Letter.objects.filter(pk=letter.pk, attempts=letter.attempts)
    held.filter(state__in=[State.WAITING, State.SENDING, State.MAYBE]).update(
        state=state, secret=None, claimed_until=None, **told
    )


def _mine(letter: Letter) -> QuerySet[Letter]:
    """Return the letter as long as no other worker has claimed it since."""
    return Letter.objects.filter(pk=letter.pk, attempts=letter.attempts, state=State.WAITING)


def _free(at: datetime) -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
