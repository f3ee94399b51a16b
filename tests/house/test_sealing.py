"""Only the vault seals by hand; elsewhere a rotation would pass a value by."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "securebase"
BY_HAND = ("crypto.seal(", "crypto.unseal(")


def test_nothing_outside_the_vault_seals_or_opens_by_hand() -> None:
    files = [path for path in SOURCE.rglob("*.py") if "vault" not in path.parts]
    found = [str(path) for path in files if any(word in path.read_text() for word in BY_HAND)]

    assert found == []
