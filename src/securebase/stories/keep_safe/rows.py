"""Rows as lines of text that mean the same on every database.

A row is a JSON list of its columns. What JSON has no word for is an object with one key
that names its kind. Sealed values travel as the ciphertext they are.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Collate

from securebase.people.vault.fields import Sealed

AT_ONCE = 500
"""Rows read and written at a time."""


def _from_bytes(value: bytes) -> str:
    return b64encode(value).decode()


_SAID: tuple[tuple[type, str, Callable[[Any], Any]], ...] = (
    (UUID, "uuid", lambda value: value.hex),
    (datetime, "moment", lambda value: value.astimezone(UTC).isoformat()),
    (date, "date", lambda value: value.isoformat()),
    (time, "time", lambda value: value.isoformat()),
    (Sealed, "sealed", lambda value: _from_bytes(value.data)),
    (bytes, "bytes", _from_bytes),
    (memoryview, "bytes", lambda value: _from_bytes(bytes(value))),
    (dict, "json", lambda value: value),
    (list, "json", lambda value: value),
)
_MEANT: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "sealed": lambda value: Sealed(b64decode(value)),
    "bytes": b64decode,
    "json": lambda value: value,
}


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns of one table, in their order."""
    return list(model._meta.local_concrete_fields)


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """Yield every row of one table, in the order of its key, as a line."""
    key: Any = model._meta.pk
    order: Any = key.attname
    if isinstance(key, models.CharField) and connection.vendor == "postgresql":
        order = Collate(key.attname, "C")
    names = [column.attname for column in columns(model)]
    found = model._base_manager.order_by(order).values_list(*names)
    for row in found.iterator(chunk_size=AT_ONCE):
        yield line_of([_said(value) for value in row])


def line_of(value: object, *, in_order: bool = False) -> bytes:
    """Return one value as one line; ``in_order`` sorts the keys of objects."""
    return json.dumps(value, sort_keys=in_order, separators=(",", ":")).encode() + b"\n"


def canonical(line: bytes) -> bytes:
    """Return the line that equal rows share: PostgreSQL does not keep the order of keys."""
    return line_of(json.loads(line), in_order=True) if b'{"json":' in line else line


def put(model: type[models.Model], rows: Sequence[list[Any]]) -> None:
    """Write rows read from lines into their table, exactly as they were."""
    fields = columns(model)
    quote = connection.ops.quote_name
    into = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    values = [
        [_stored(field, value) for field, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        # Names are the program's own; every value is a parameter.
        statement = f"INSERT INTO {table} ({into}) VALUES ({places})"  # noqa: S608
        cursor.executemany(statement, values)


def _said(value: Any) -> Any:
    for kind, name, say in _SAID:
        if isinstance(value, kind):
            return {name: say(value)}
    return value


def _stored(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, dict):
        [(kind, told)] = value.items()
        value = _MEANT[kind](told)
    if value is None and isinstance(field, models.JSONField) and not field.null:
        return connection.ops.adapt_json_value(None, field.encoder)
    return field.get_db_prep_save(value, connection)
