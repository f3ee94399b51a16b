"""The same words in every place where anybody may write."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.checkins.models import CheckIn
from securebase.people.accounts.keeping import keep_words
from securebase.people.vault.fields import SealedText
from securebase.people.vault.resealing import sealed_columns
from securebase.science.library import instrument, instruments
from tests import factories as make

WRITTEN = {
    f"{one.slug}.{item.id}": one.slug
    for one in map(instrument, instruments())
    for item in one.items
    if item.kind == "text"
}
"""Every question that is answered in words, with the instrument that asks it."""


def answered_in_words(patient: Patient, words: str, *, at: datetime) -> tuple[CheckIn, CheckIn]:
    """Let a patient answer every question that takes words: once sent, once still open."""
    asking = tuple(dict.fromkeys(WRITTEN.values()))
    sent = make.a_checkin(patient, *asking, at=at)
    make.send(sent, dict.fromkeys(WRITTEN, words), at=at)
    waiting = make.a_checkin(patient, *asking, at=at + timedelta(hours=1))
    make.answer(waiting, dict.fromkeys(WRITTEN, words), at=at + timedelta(hours=1))
    form = {"answer": [words], "reason": [words]}
    keep_words(account=make.the_account(patient), path="/me/", fields=form, at=at)
    return sent, waiting


def write_everywhere(words: str) -> set[str]:
    """Put words into every sealed column of every row, and into the practice's name."""
    Practice.objects.update(name=words[:120])
    return {column.label for column in sealed_columns() if _put(column, words)}


def _put(column: SealedText, words: str) -> bool:
    rows = list(column.model._base_manager.all())
    for row in rows:
        setattr(row, column.attname, _instead(getattr(row, column.attname), words))
        Model.save(row, update_fields=[column.attname])  # Also what is written once.
    return bool(rows)


def _instead(kept: str, words: str) -> str:
    """Keep the shape of what is structured; everything else becomes the words."""
    if not kept.startswith("{"):
        return words
    return json.dumps(_leaves(json.loads(kept), words))


def _leaves(told: Any, words: str) -> Any:
    if isinstance(told, dict):
        return {key: _leaves(value, words) for key, value in told.items()}
    if isinstance(told, list):
        return [_leaves(value, words) for value in told]
    return words if isinstance(told, str) else told
