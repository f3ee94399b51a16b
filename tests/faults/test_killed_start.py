"""A start that is killed.

The first start makes keys, a database and files. However far it got, the next one goes
on from there, and no half of a key is left that nothing could be opened with.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from securebase.config.settings.secret import secret_key
from securebase.people.vault.crypto import make_root_key, read_root_key
from tests.faults.scratch import scratch

MOMENTS = (0.2, 0.4, 0.6, 0.9, 1.3)
"""Seconds after which a first start is killed."""


class Killed(BaseException):
    """The process is gone; nothing in the program may catch this."""


def die(*_: object) -> None:
    """Die in the middle of writing."""
    raise Killed


@pytest.mark.slow
def test_a_first_start_killed_at_any_moment_is_simply_repeated() -> None:
    with scratch() as practice:
        for moment in MOMENTS:
            practice.start_and_kill(after=moment)

        seeded = practice.seed(patients=1, checkins=0)
        practice.start()

        assert seeded["emails"]
        assert practice.read()["damage"] == []


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_key_is_written_whole_or_not_at_all(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "root.key"
    with monkeypatch.context() as patch:
        patch.setattr(os, step, die)
        with pytest.raises(Killed):
            make_root_key(path)

    assert not path.exists()
    make_root_key(path)
    assert len(read_root_key(path)) == 32


def test_a_key_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    make_root_key(path)
    first = path.read_text()

    with pytest.raises(FileExistsError):
        make_root_key(path)

    assert path.read_text() == first
    assert [one.name for one in tmp_path.iterdir()] == ["root.key"]


def test_the_signing_key_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    first = secret_key(tmp_path)

    again = secret_key(tmp_path)

    mode = stat.S_IMODE((tmp_path / "keys" / "signing.key").stat().st_mode)
    assert again == first
    assert mode == 0o400
