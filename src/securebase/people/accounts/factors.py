"""Secrets of authenticator apps and recovery codes, sealed anew when keys are rotated."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from securebase.people.vault import keys
from securebase.people.vault.crypto import VaultError, number_of

SEALED = ("secret", "seed", "migrated_codes")
"""Where allauth keeps what its adapter encrypted."""


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
