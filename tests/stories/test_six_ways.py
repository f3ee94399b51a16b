"""Six ways to tamper with the trail, and where each is seen.

Somebody who owns the database edits, removes, adds or moves rows, cuts off the end, or
writes all of it anew with the right key. Each is found by ``verify`` in the database, and
in a trail that was written out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from securebase.clinic.care.actions import note_read
from securebase.people.audit import anchors
from securebase.people.audit.chain import Row, head_after
from securebase.people.audit.guard import put_up, take_down
from securebase.people.audit.models import Anchor
from securebase.people.audit.written import NotATrail, check, head_given
from securebase.people.vault.crypto import VaultError, new_key
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.export_trail import export_trail
from securebase.stories.keep_safe.verify import verify
from tests import factories as make
from tests import tampering
from tests.factories import NOW
from tests.stories.keeping import root_key

pytestmark = pytest.mark.django_db(transaction=True)

Lines = list[str]


@pytest.fixture(autouse=True)
def _practice(transactional_db: None) -> None:
    make.a_practice()
    jo = make.a_clinician()
    patient = make.a_patient(of=jo)
    for hour in range(4):
        note_read(patient=patient, by=jo, at=NOW + timedelta(hours=hour))


def problems(**given: object) -> tuple[str, ...]:
    [trail] = [one for one in verify(**given) if one.name == "Trail"]  # type: ignore[arg-type]
    return trail.problems


def test_an_anchored_trail_is_well() -> None:
    anchors.drop_anchor(at=NOW)

    assert problems() == ()


@pytest.mark.parametrize("way", tampering.WAYS)
def test_it_is_found_in_the_database_by_the_file_beside_it(way: str) -> None:
    """The table of anchors is gone after the last two; the file is not."""
    anchors.drop_anchor(at=NOW)

    tampering.WAYS[way]()

    assert problems() != ()


@pytest.mark.parametrize("way", tampering.WAYS)
def test_it_is_found_by_an_anchor_on_paper(way: str) -> None:
    """Even if whoever did it removed table and file."""
    number, head = anchors.end_of_rows()

    tampering.WAYS[way]()

    assert problems(heads=[head_given(f"{number}:{head[:16]}")]) != ()


@pytest.mark.parametrize("way", ["truncate", "rewrite"])
def test_it_is_found_by_the_end_that_a_backup_remembers(way: str, tmp_path: Path) -> None:
    then = back_up(tmp_path / "a.backup", at=NOW)

    tampering.WAYS[way]()

    assert problems(since=then) != ()


def test_a_file_of_anchors_that_was_cut_is_found() -> None:
    anchors.drop_anchor(at=NOW)
    anchors.log_file().write_text("")

    assert "does not hold the anchor" in problems()[0]


def test_a_file_of_anchors_that_was_scribbled_in_is_found() -> None:
    anchors.drop_anchor(at=NOW)
    with anchors.log_file().open("a") as file:
        file.write("not an anchor\n")

    assert "a line that is not an anchor" in problems()[0]


def test_the_file_of_anchors_is_written_again_after_a_restore() -> None:
    anchors.drop_anchor(at=NOW)
    anchors.log_file().unlink()

    anchors.write_again()

    assert problems() == ()


def test_a_guard_taken_away_is_found() -> None:
    with connection.cursor() as cursor:
        take_down(cursor)

    assert "no guard" in problems()[0]
    with connection.cursor() as cursor:
        put_up(cursor)


def edit(lines: Lines) -> None:
    row = json.loads(lines[2])
    lines[2] = json.dumps(row | {"actor": str(Anchor.objects.count())}) + "\n"


def delete(lines: Lines) -> None:
    del lines[2]


def insert(lines: Lines) -> None:
    lines.insert(2, lines[2])


def reorder(lines: Lines) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def truncate(lines: Lines) -> None:
    del lines[4:-1]


def cut_off(lines: Lines) -> None:
    del lines[4:]


def rewrite(lines: Lines) -> None:
    """Write it out again from a database that was written anew with the key."""
    tampering.rewrite()
    lines[:] = exported(anchors.log_file().with_name("again.jsonl"))


ON_FILE: dict[str, Callable[[Lines], None]] = {
    one.__name__: one for one in (edit, delete, insert, reorder, truncate, cut_off, rewrite)
}


def exported(file: Path) -> Lines:
    file.unlink(missing_ok=True)
    export_trail(file, at=NOW)
    return file.read_text().splitlines(keepends=True)


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    return exported(tmp_path / "trail.jsonl")


def test_a_trail_that_was_written_out_is_well(lines: Lines) -> None:
    about, found = check(lines, root_key=root_key(), heads=[anchors.end_of_rows()])

    assert (about.rows, found) == (len(lines) - 2, [])


def test_it_holds_no_name_and_no_usable_key(lines: Lines) -> None:
    text = "".join(lines)

    assert "Marsh" not in text
    assert root_key().hex() not in text


@pytest.mark.parametrize("way", ON_FILE)
def test_it_is_found_on_file_without_a_key_by_an_anchor(lines: Lines, way: str) -> None:
    head = anchors.end_of_rows()

    ON_FILE[way](lines)

    assert check(lines, heads=[head])[1] != []


@pytest.mark.parametrize("way", sorted(set(ON_FILE) - {"rewrite"}))
def test_it_is_found_on_file_with_the_key_and_no_anchor(lines: Lines, way: str) -> None:
    ON_FILE[way](lines)

    assert check(lines, root_key=root_key())[1] != []


def test_who_holds_the_key_is_found_by_an_anchor_only(lines: Lines) -> None:
    """Said in the open: the key alone does not show what was done with the key."""
    head = anchors.end_of_rows()
    rewrite(lines)

    assert check(lines, root_key=root_key())[1] == []
    assert check(lines, root_key=root_key(), heads=[head])[1] != []


def test_a_forged_last_line_is_found_with_the_key(lines: Lines) -> None:
    truncate(lines)
    rows = [json.loads(line) for line in lines[1:-1]]
    head = bytes(32)
    for row in rows:
        head = head_after(head, Row(**row))
    end = json.loads(lines[-1]) | {"end": rows[-1]["number"], "head": head.hex()}
    lines[-1] = json.dumps(end)

    assert check(lines)[1] == []
    [found] = check(lines, root_key=root_key())[1]
    assert "who holds the key" in found.problem


def test_another_houses_key_is_refused(lines: Lines) -> None:
    with pytest.raises(VaultError):
        check(lines, root_key=new_key())


@pytest.mark.parametrize(
    "told",
    [
        [],
        ["{}"],
        ["not json"],
        ['{"securebase_trail": 9}'],
        ['{"securebase_trail": 1, "made_at": "", "keys": {}, "anchors": {}}', "{}", "{}"],
        ['{"securebase_trail": 1}'],
        ['{"securebase_trail": 1, "made_at": "", "keys": [], "anchors": {"x": 1}}'],
        ['{"securebase_trail": 1, "made_at": "", "keys": {"": "zz"}, "anchors": {}}'],
    ],
)
def test_a_file_that_is_something_else_is_refused(told: Lines) -> None:
    with pytest.raises(NotATrail):
        check(told, root_key=root_key())


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "x:0123456789abcdef", "12:short", "1:" + "z" * 16]
)
def test_an_anchor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotATrail, match="NUMBER:HEX"):
        head_given(text)
