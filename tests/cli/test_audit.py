"""The trail at the command line: written out, and checked where there is no practice."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from securebase.cli.keys import PASSPHRASE_FILE
from securebase.people.vault.crypto import read_root_key
from securebase.people.vault.passphrases import write_file
from tests.cli.test_backup import practice, refusal, securebase

__all__ = ["practice"]

WORDS = "calm river stone lantern meadow north"


@pytest.fixture(scope="module")
def export(practice: Path) -> tuple[Path, str]:
    """Return a trail that was written out, and the anchor that was said with it."""
    file = practice.parent / "trail.jsonl"
    done = securebase("audit", "export", file, "--data-dir", practice)
    said = re.search(r"ends at (\d+:[0-9a-f]{64})", done.stdout)
    assert said, done.stderr
    return file, said[1]


def test_an_export_is_for_its_owner_alone_and_says_where_it_ends(
    export: tuple[Path, str],
) -> None:
    file, anchor = export

    rows = len(file.read_text().splitlines()) - 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert anchor.startswith(f"{rows}:")


def test_it_is_checked_without_a_practice(
    practice: Path, export: tuple[Path, str], tmp_path: Path
) -> None:
    file, anchor = export
    key = practice / "keys" / "root.key"
    nowhere = {"SECUREBASE_DATA_DIR": str(tmp_path / "nowhere")}

    public = securebase("verify", "--log", file, **nowhere)
    anchored = securebase("verify", "--log", file, "--anchor", anchor, **nowhere)
    keyed = securebase("verify", "--log", file, "--key-file", key, "--json", **nowhere)

    assert [one.returncode for one in (public, anchored, keyed)] == [0, 0, 0]
    assert "a forger is not found" in public.stdout
    assert "a forger is not found" not in anchored.stdout
    assert json.loads(keyed.stdout)["links_checked"] is True
    assert not (tmp_path / "nowhere").exists()


def test_a_key_kept_under_a_passphrase_checks_the_links_too(
    practice: Path, export: tuple[Path, str], tmp_path: Path
) -> None:
    key = read_root_key(practice / "keys" / "root.key")
    write_file(tmp_path / "locked.key", key, WORDS)
    (tmp_path / "words").write_text(WORDS)
    given = {PASSPHRASE_FILE: str(tmp_path / "words")}
    asked = ("verify", "--log", export[0], "--key-file", tmp_path / "locked.key", "--json")

    done = securebase(*asked, **given)

    assert json.loads(done.stdout)["links_checked"] is True
    assert PASSPHRASE_FILE in refusal(*asked)


def test_a_changed_file_is_named_by_row(export: tuple[Path, str], tmp_path: Path) -> None:
    file, anchor = export
    lines = file.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace('"outcome":"done"', '"outcome":"refused"')
    (tmp_path / "changed.jsonl").write_text("".join(lines))

    done = securebase("verify", "--log", tmp_path / "changed.jsonl", "--anchor", anchor)

    assert done.returncode == 1
    assert "wrong: row " in done.stdout


def test_an_anchor_from_paper_is_compared_with_the_database(
    practice: Path, export: tuple[Path, str]
) -> None:
    number, _, head = export[1].partition(":")

    well = securebase("verify", "--data-dir", practice, "--anchor", f"{number}:{head[:16]}")
    other = securebase("verify", "--data-dir", practice, "--anchor", f"{number}:{'0' * 64}")

    assert (well.returncode, other.returncode) == (0, 1)
    assert f"row {number}: " in other.stdout


@pytest.mark.parametrize("anchor", ["12", "12:xyz", "twelve:0123456789abcdef"])
def test_an_anchor_that_is_none_is_refused(export: tuple[Path, str], anchor: str) -> None:
    assert "NUMBER:HEX" in refusal("verify", "--log", export[0], "--anchor", anchor)


@pytest.mark.parametrize("content", [b"", b"{}", b"hello", b"\xff\xfe\x00"])
def test_a_file_that_is_no_trail_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.txt").write_bytes(content)

    assert "other.txt" in refusal("verify", "--log", tmp_path / "other.txt")


def test_a_wrong_key_is_refused(export: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "other.key").write_text("ab" * 32)

    said = refusal("verify", "--log", export[0], "--key-file", tmp_path / "other.key")

    assert "does not open" in said


def test_no_export_is_overwritten(practice: Path, export: tuple[Path, str]) -> None:
    before = export[0].read_bytes()

    assert "already there" in refusal("audit", "export", export[0], "--data-dir", practice)
    assert export[0].read_bytes() == before


def test_what_happened_is_said_in_words_and_as_json(practice: Path) -> None:
    days = ("audit", "days", "--since", "2000-01-01", "--data-dir", practice)

    words, told = securebase(*days), json.loads(securebase(*days, "--json").stdout)

    assert "records touched" in words.stdout
    assert told["rows"] > 0
    assert sum(sum(one["done"].values()) for one in told["doings"]) > 0


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (["--since", "yesterday"], "'yesterday', which is no moment"),
        (["--since", "2026-11-20", "--until", "2026-11-19"], "before it begins"),
        (["--since", "2026-11-20", "--account", "x@example.org"], "Nobody here signs in"),
    ],
)
def test_what_cannot_be_asked_of_it_is_refused(
    practice: Path, said: list[str], named: str
) -> None:
    assert named in refusal("audit", "days", *said, "--data-dir", practice)


def test_the_trail_goes_out_as_fhir_and_overwrites_nothing(
    practice: Path, tmp_path: Path
) -> None:
    file = tmp_path / "trail.ndjson"
    asked = ("audit", "fhir", file, "--data-dir", practice)

    said = securebase(*asked).stdout

    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert said.startswith(f"Wrote {len(events)} rows")
    assert {event["resourceType"] for event in events} == {"AuditEvent"}
    assert "already there" in refusal(*asked)
