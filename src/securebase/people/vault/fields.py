"""Sealed text: a model field that is plaintext on the instance and ciphertext below it.

The text is bound to its table, row and column, so that a value copied to another row
does not open there. It cannot be searched, ordered or updated in bulk; that is meant.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from securebase.people.vault import crypto, keys


class Sealed:
    """Ciphertext as it came from the database, waiting to be opened."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        return "Sealed()"


class _Opening:
    """Opens a sealed value the first time its attribute is read."""

    def __init__(self, field: SealedText) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, Sealed):
            value = instance.__dict__[name] = self.field.open(instance, value)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class SealedText(models.Field):  # type: ignore[type-arg]
    """Text kept encrypted under the key of its owner.

    Parameters
    ----------
    owner : str
        Dotted path from the instance to the UUID that owns the text, for instance
        ``"patient_id"``; ``"practice"`` for text that belongs to the practice.
    category : str
        Which subkey seals it: ``id``, ``message``, ``progress``, ``plan`` ...
    """

    def __init__(
        self, *args: Any, owner: str = "pk", category: str = "id", **kwargs: Any
    ) -> None:
        self.owner, self.category = owner, category
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Say how to rebuild the field, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"owner": self.owner, "category": self.category}

    def get_internal_type(self) -> str:
        """Bytes, as far as the database knows."""
        return "BinaryField"

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Put the opening descriptor in place of the plain attribute."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opening(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Wrap ciphertext; it is opened when somebody reads it."""
        return value if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal the text for exactly this row."""
        value = model_instance.__dict__.get(self.attname, "")
        if isinstance(value, Sealed):
            return value
        key = keys.subkey(self._owner(model_instance), self.category, sealing=True)
        place = self._place(model_instance)
        return Sealed(crypto.seal(key, str(value).encode(), bound_to=place))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Let ciphertext through; refuse plaintext, which only a bulk update would bring."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: save the instance, never update in bulk.")
        return None if value is None else connection.Database.Binary(value.data)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse to serialize: a dump must not carry text that the vault keeps."""
        raise TypeError(f"{self.name} is sealed and is not serialized.")

    def open(self, instance: models.Model, sealed: Sealed) -> str:
        """Return the text of one sealed value of one row."""
        key = keys.subkey(self._owner(instance), self.category)
        return crypto.unseal(key, sealed.data, bound_to=self._place(instance)).decode()

    def _owner(self, instance: models.Model) -> UUID:
        if self.owner == "practice":
            return keys.PRACTICE
        value: Any = instance
        for step in self.owner.split("."):
            value = getattr(value, step)
        if not isinstance(value, UUID):
            raise TypeError(
                f"{self.name}: {self.owner} must lead to a UUID, got {type(value)}."
            )
        return value

    def _place(self, instance: models.Model) -> bytes:
        return f"{instance._meta.db_table}|{instance.pk}|{self.column}".encode()
