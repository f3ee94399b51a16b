"""Sealing text for somebody and opening it again, whichever of their keys sealed it."""

from __future__ import annotations

from uuid import UUID

from securebase.people.vault import crypto, keys


def seal_for(owner: UUID, category: str, text: bytes, *, bound_to: bytes) -> bytes:
    """Seal text under the key in force of its owner, for one place only."""
    generation, key = keys.key_in_force(owner)
    subkey = keys.category_key(key, category)
    return crypto.seal(subkey, text, bound_to=bound_to, number=generation)


def open_for(owner: UUID, category: str, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Return what was sealed for an owner under whichever key sealed it."""
    key = keys.key_of(owner, crypto.number_of(sealed))
    return crypto.unseal(keys.category_key(key, category), sealed, bound_to=bound_to)


def renewed(owner: UUID, category: str, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Return the same text sealed under the key in force; unchanged if it is already."""
    if sealed[:1] == crypto.NUMBERED:
        generation, _ = keys.key_in_force(owner)
        if crypto.number_of(sealed) == generation:
            return sealed
    text = open_for(owner, category, sealed, bound_to=bound_to)
    return seal_for(owner, category, text, bound_to=bound_to)
