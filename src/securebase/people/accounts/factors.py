"""Second factors: who added or removed one, and their secrets sealed anew with new keys."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault import keys
from securebase.people.vault.crypto import VaultError, number_of

SEALED = ("secret", "seed", "migrated_codes")
"""Where allauth keeps what its adapter encrypted."""


ADDED = ("activated", "added", "generated")


@transaction.atomic
def note_factor(*, account: User, news: str, at: datetime) -> None:
    """Put on the trail that somebody added or removed a factor of their own.

    Parameters
    ----------
    account : User
        Whose it is, and who did it.
    news : str
        The kind and what became of it, as the account library says: ``webauthn_added``.
        The kind is kept as the reason.
    at : datetime
        Now.
    """
    kind, _, became = news.rpartition("_")
    verb = Verb.ACCOUNT_FACTOR_ADD if became in ADDED else Verb.ACCOUNT_FACTOR_REMOVE
    trail.record(verb, by=account, at=at, about=account, reason=kind)


def reseal_factors() -> int:
    """Seal every such secret anew under the key in force; return how many."""
    return sum(_reseal(pk) for pk in Authenticator.objects.values_list("pk", flat=True))


@transaction.atomic
def _reseal(pk: int) -> int:
    one = Authenticator.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if one is None:
        return 0
    anew = {name: _anew(value) for name, value in one.data.items() if name in SEALED}
    changed = {name: value for name, value in anew.items() if value != one.data[name]}
    if changed:
        one.data = one.data | changed
        one.save(update_fields=["data"])
    return len(changed)


def _anew(value: Any) -> Any:
    if isinstance(value, list):
        return [_anew(one) for one in value]
    generation = max(keys.keys_of(keys.PRACTICE), default=0)
    try:
        if number_of(base64.b64decode(value)) == generation:
            return value
        adapter: Any = get_adapter()
        return adapter.encrypt(adapter.decrypt(value))
    except (VaultError, binascii.Error, TypeError):
        return value
