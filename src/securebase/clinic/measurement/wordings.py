"""The words an instrument may be shown in here: those of the library, and attached ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.measurement.models import AttachedWording
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.definition import build_wording
from securebase.science.library import instrument, instruments, may_be_shown
from securebase.science.wordings import Declared, text_of, unfit
from securebase.science.words import Instrument, Shelf, Wording

Words = Mapping[str, Wording]
"""Wordings of one instrument by language."""


def words_here() -> dict[str, Words]:
    """Return the wordings that may be shown of every instrument, with one query."""
    found: dict[str, dict[str, Wording]] = {slug: {} for slug in instruments()}
    for row in AttachedWording.objects.filter(withdrawn_at__isnull=True):
        if fits_today(row):
            found[row.instrument][row.language] = as_wording(row)
    return {slug: {**words, **shipped_of(slug)} for slug, words in found.items()}


def words_of(asked: Instrument) -> Words:
    """Return the wordings that may be shown of one instrument, with one query."""
    shipped = asked.wordings if may_be_shown(asked) else {}
    return {**attached_words(asked.slug), **shipped}


def shipped_of(slug: str) -> Words:
    """Return the wordings of the library that may be shown of one instrument."""
    asked = instruments().get(slug)
    return asked.wordings if asked is not None and may_be_shown(asked) else {}


def attached_words(slug: str) -> Words:
    """Return the wordings the practice may show of one instrument, on its own word."""
    rows = AttachedWording.objects.filter(instrument=slug, withdrawn_at__isnull=True)
    return {row.language: as_wording(row) for row in rows if fits_today(row)}


def fits_today(row: AttachedWording) -> bool:
    """Whether words were attached to the version that is in the library now.

    A definition that changed may ask other questions: then the words are not shown until
    somebody has looked at them again and attached them anew.
    """
    asked = instruments().get(row.instrument)
    return asked is not None and asked.version == row.version


def as_wording(row: AttachedWording) -> Wording:
    """Return an attached wording as the library speaks of one."""
    return build_wording(row.text, where=f"the wording of {row.instrument}")


def attached_now(slug: str) -> list[AttachedWording]:
    """Return what is attached to an instrument and not withdrawn, with who declared it."""
    rows = AttachedWording.objects.filter(instrument=slug, withdrawn_at__isnull=True)
    return list(rows.select_related("attached_by"))


def check_can_attach(user: User, asked: Instrument) -> None:
    """Raise unless this is a clinician or host, and the licence leaves room for it."""
    if not (user.is_active and (user.holds(Role.CLINICIAN) or user.holds(Role.HOST))):
        raise PermissionDenied("Only a clinician or a host of the practice attaches wordings.")
    if asked.licence.shelf is Shelf.NOT_AT_ALL:
        raise PermissionDenied(f"{asked.name} may not be shown without a signed licence.")


def can_attach(user: User, asked: Instrument) -> bool:
    """Whether this person may attach a wording to the instrument."""
    return granted(check_can_attach, user, asked)


@transaction.atomic
def attach_wording(
    *, instrument_slug: str, wording: Wording, declared: Declared, by: User, at: datetime
) -> AttachedWording:
    """Attach a wording on somebody's word; the one before in that language is withdrawn.

    A wording that does not fit the definition item for item is refused whole.
    """
    asked = instrument(instrument_slug)
    check_can_attach(by, asked)
    faults = unfit(asked, wording)
    if wording.language in shipped_of(asked.slug):
        faults.append(
            f"{asked.name} is shown in this language already, in the library's words."
        )
    if faults:
        raise ValidationError(faults)
    for row in attached_now(asked.slug):
        if row.language == wording.language:
            withdraw_wording(row=row, by=by, at=at)
    origin = AttachedWording.Origin.PACK if declared.pack else AttachedWording.Origin.PRACTICE
    row = AttachedWording.objects.create(
        instrument=asked.slug,
        version=asked.version,
        language=wording.language,
        origin=origin,
        text=text_of(wording),
        source=declared.source,
        declaration=declared.words,
        attached_by=by,
        attached_at=at,
    )
    trail.record(Verb.WORDING_ATTACH, by=by, at=at, about=row)
    return row


@transaction.atomic
def withdraw_wording(*, row: AttachedWording, by: User, at: datetime) -> AttachedWording:
    """Show a wording no more; who attached it and when stays as proof."""
    check_can_attach(by, instrument(row.instrument))
    if row.withdrawn_at is None:
        row.withdrawn_by, row.withdrawn_at = by, at
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
        trail.record(Verb.WORDING_WITHDRAW, by=by, at=at, about=row)
    return row


def numbered(asked: Instrument) -> Wording:
    """Return stand-in words, "Question 3", for answers whose wording may not be shown."""
    texts = {
        item.id: f"box {item.id}" if item.group else f"Question {item.id}"
        for item in asked.items
    }
    over = {item.group: f"Question {item.group}" for item in asked.items if item.group}
    return Wording(
        language="en",
        title=asked.name,
        instruction="",
        items=texts,
        answers={},
        groups=over,
    )
