"""Words that met a locked page are kept sealed and given back to the same person.

Kept for days, on the server, under the person's own key; never in a browser. Secrets
are not words: passphrases and codes are left out, and so are files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from securebase.people.accounts.figures import words_kept_for
from securebase.people.accounts.models import KeptWords, User

MOST_CHARACTERS = 200_000
"""A longer form is no longer something that a person wrote."""
LONGEST_PATH = 300
SECRETS = re.compile(r"pass|secret|code|token|credential|csrf", re.I)

Fields = Mapping[str, Iterable[str]]


@transaction.atomic
def keep_words(*, account: User, path: str, fields: Fields, at: datetime) -> KeptWords | None:
    """Keep a form for its person; None if it holds nothing that somebody wrote or chose."""
    given = {name: list(values) for name, values in fields.items() if not SECRETS.search(name)}
    if not any(any(values) for values in given.values()):
        return None
    text = json.dumps(given)
    if len(text) > MOST_CHARACTERS or len(path) > LONGEST_PATH:
        return None
    kept = (
        KeptWords.objects.select_for_update(no_key=True)
        .filter(account=account, path=path)
        .first()
    )
    kept = kept or KeptWords(account=account, path=path)
    kept.fields, kept.kept_at = text, at
    kept.save()
    return kept


def kept_for(account: User, *, at: datetime) -> list[KeptWords]:
    """Return what is kept for this person and no older than it may be, latest first."""
    return list(account.kept_words.filter(kept_at__gt=at - words_kept_for()))


def fields_of(kept: KeptWords) -> dict[str, list[str]]:
    """Return a kept form as it was sent: every field with its values, in their order."""
    found: dict[str, list[str]] = json.loads(kept.fields)
    return found


def let_go(*, account: User, path: str) -> None:
    """Delete what is kept for one page: it was sent, or its person does not want it."""
    KeptWords.objects.filter(account=account, path=path).delete()


def forget_old_words(*, at: datetime) -> int:
    """Delete what nobody came back for."""
    return KeptWords.objects.filter(kept_at__lte=at - words_kept_for()).delete()[0]
