"""Several texts sealed as one: nobody sees from outside which of them were written."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    P = TypeVar("P", bound=DataclassInstance)
else:
    P = TypeVar("P")


def packed(parts: P) -> str:
    """Return the texts of a dataclass as one, to be sealed whole."""
    return json.dumps(asdict(parts), ensure_ascii=False)


def unpacked(text: str, kind: type[P], *, notice: str) -> P:
    """Return the texts of an opened whole; what was not yet asked for then is empty.

    Where it cannot be opened, a notice stands in its place. It is shown as it is, in the
    part that ``notice`` names.
    """
    try:
        found = json.loads(text)
    except ValueError:
        return kind(**{notice: text})
    return kind(**{one.name: found.get(one.name, "") for one in fields(kind)})
