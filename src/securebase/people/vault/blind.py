"""Finding somebody by the exact text of a sealed value, without opening any.

What is kept is a keyed digest of the text as people mean it: Unicode made one form, case
and extra spaces gone. It shows which values are equal, and nothing else, to whoever has
the database but not the keys.
"""

from __future__ import annotations

import unicodedata
from uuid import UUID

from securebase.people.vault import crypto, keys
from securebase.people.vault.models import BlindIndex

DIGEST_BYTES = 16


def normalised(text: str) -> str:
    """Return the text as it is compared.

    Examples
    --------
    >>> normalised("  ZOË   Ĉapek ") == normalised("zoe\u0308 ĉapek")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def keep(field: str, owner: UUID, text: str) -> None:
    """Keep the digest of one value up to date; no text, no digest."""
    if not normalised(text):
        BlindIndex.objects.filter(field=field, owner=owner).delete()
        return
    generation, key = keys.key_in_force(keys.PRACTICE)
    digest = _digest(key, field, text)
    there = BlindIndex.objects.filter(field=field, owner=owner)
    if not there.filter(generation=generation, digest=digest).exists():
        BlindIndex.objects.update_or_create(
            field=field, owner=owner, defaults={"generation": generation, "digest": digest}
        )


def find_owners(field: str, text: str) -> list[UUID]:
    """Return the rows whose sealed value is this text.

    Parameters
    ----------
    field : str
        Application, model and field, for instance ``"care.patient.name"``.
    text : str
        The whole value; case, accents' encoding and extra spaces do not matter.

    Returns
    -------
    list of UUID
        Primary keys of the rows, in no particular order.
    """
    if not normalised(text):
        return []
    live = keys.keys_of(keys.PRACTICE)
    digests = [_digest(key, field, text) for key in live.values()]
    found = BlindIndex.objects.filter(field=field, digest__in=digests)
    return list(found.values_list("owner", flat=True))


def _digest(key: bytes, field: str, text: str) -> bytes:
    subkey = keys.category_key(key, f"blind index {field}")
    return crypto.fingerprint(subkey, normalised(text))[:DIGEST_BYTES]
