"""Sealed text: a model field that is plaintext on the instance and ciphertext below it.

The text is bound to its table, row and column, so that a value copied to another row
does not open there. It cannot be searched, ordered or updated in bulk; that is meant.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from securebase.people.vault import blind, crypto, keys, sealing
from securebase.people.vault.showing import NOTICES, in_place_of


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
            try:
                value = instance.__dict__[name] = self.field.open(instance, value)
            except crypto.VaultError as fault:
                return in_place_of(fault, where=f"{instance._meta.db_table}.{name}")
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
        Which subkey seals it: ``id``, ``message``, ``progress``, ``plan`` ... Process
        notes have a branch of their own: category ``process``, owner their author.
    indexed : bool
        Whether the row can be found by the exact text (``blind.find_owners``); needs
        ``owner="pk"``. The index is kept elsewhere, so no migration follows from it.
    """

    def __init__(
        self,
        *args: Any,
        owner: str = "pk",
        category: str = "id",
        indexed: bool = False,
        **kwargs: Any,
    ) -> None:
        if indexed and owner != "pk":
            raise TypeError(f'A field is indexed by its own row: owner "pk", not "{owner}".')
        self.owner, self.category, self.indexed = owner, category, indexed
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
        """Seal the text for exactly this row; what nobody opened stays as it is."""
        value = model_instance.__dict__.get(self.attname, "")
        if isinstance(value, Sealed):
            return value if add else self._renewed(model_instance, value)
        text = str(value)
        if text in NOTICES:
            raise crypto.SealBroken(f"{self.name} holds a notice, not what was written.")
        owner = self._owner(model_instance)
        if self.indexed:
            blind.keep(self.label, owner, text)
        place = self.place(model_instance.pk)
        return Sealed(sealing.seal_for(owner, self.category, text.encode(), bound_to=place))

    @property
    def label(self) -> str:
        """Application, model and field, as the index names it."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def place(self, pk: object) -> bytes:
        """Return what ties a value to its table, row and column."""
        return f"{self.model._meta.db_table}|{pk}|{self.column}".encode()

    def _renewed(self, instance: models.Model, value: Sealed) -> Sealed:
        """Bring what was read before a rotation under the key in force."""
        owner, place = self._owner(instance), self.place(instance.pk)
        try:
            if crypto.number_of(value.data) == keys.key_in_force(owner)[0]:
                return value
            return Sealed(sealing.renewed(owner, self.category, value.data, bound_to=place))
        except (crypto.KeyErased, crypto.SealBroken):
            return value

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
        owner, place = self._owner(instance), self.place(instance.pk)
        return sealing.open_for(owner, self.category, sealed.data, bound_to=place).decode()

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
