"""What a host may know of the keys: where they live, how old they are, what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from securebase.people.vault import erasure, homes, keys, recovery
from securebase.people.vault.models import DataKey, ErasedOwner, PracticeKey, Rotation

HOMES = {
    "file": "a key file",
    "credential": "a credential of the system",
    "passphrase": "a file with a passphrase",
}
KINDS = Rotation.Kind.values


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The keys at a glance; nothing here says anything about a key itself."""

    home: str
    path: str
    beside_the_data: bool
    """Whether a thief of the data directory has the key as well."""
    mark: str
    root_since: datetime
    practice_since: datetime
    oldest_data_key: datetime | None
    data_keys: int
    erased: int
    back_again: int
    """Erased people whom a restored backup brought back."""
    sheet_tried_at: datetime | None
    rotated: tuple[tuple[str, datetime | None, bool], ...]
    """For each kind: when the last rotation ended, and whether one is under way."""

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield each fact as a name and a sentence, for the command."""
        yield "Root key", f"{self.home}, {self.path}, mark {self.mark}"
        yield "Wrapped by it since", _day(self.root_since)
        yield "Practice key since", _day(self.practice_since)
        yield "Data keys", f"{self.data_keys}, the oldest of {_day(self.oldest_data_key)}"
        yield "Recovery sheet tried", _day(self.sheet_tried_at)
        yield "Erased people", f"{self.erased}; back from a backup: {self.back_again}"
        for kind, at, under_way in self.rotated:
            yield f"Rotated: {kind}", "under way; start it again" if under_way else _day(at)


def look_at_keys() -> KeyFacts:
    """Return what a host may know of the keys."""
    row = keys.practice_in_force()
    data = DataKey.objects.exclude(owner__in=keys.NEVER_ROTATED)
    trial = recovery.last_trial()
    return KeyFacts(
        home=HOMES[homes.kind()],
        path=str(homes.key_path()),
        beside_the_data=homes.kind() == "file"
        and homes.key_path().resolve().is_relative_to(settings.DATA_DIR),
        mark=bytes(row.mark).hex(),
        root_since=row.wrapped_at,
        practice_since=PracticeKey.objects.latest("number").made_at,
        oldest_data_key=data.order_by("made_at").values_list("made_at", flat=True).first(),
        data_keys=data.count(),
        erased=ErasedOwner.objects.count(),
        back_again=len(erasure.resurrected()),
        sheet_tried_at=trial.at if trial else None,
        rotated=tuple(_rotated(kind) for kind in KINDS),
    )


def _rotated(kind: str) -> tuple[str, datetime | None, bool]:
    found = Rotation.objects.filter(kind=kind)
    last = found.exclude(ended_at=None).order_by("ended_at").last()
    under_way = found.filter(ended_at=None).exists()
    return str(Rotation.Kind(kind).label), last.ended_at if last else None, under_way


def _day(at: datetime | None) -> str:
    return f"{at:%d %b %Y}" if at else "never"
