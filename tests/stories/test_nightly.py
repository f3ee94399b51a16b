"""The nightly backup and its drill.

Each night's backup is restored and compared before it counts. The proof lies beside the
backups, the trail holds a row of it, and a night that failed says so in plain words. On
both databases.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as in_force

from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.keep_safe import nightly
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.drill import PLACE, drill
from securebase.stories.keep_safe.nightly import back_up_and_drill
from securebase.stories.keep_safe.proofs import FILE, Proof, keep_proof, proofs
from securebase.stories.keep_safe.refusals import Damaged
from securebase.stories.keep_safe.rule import Rule, kept, rule_in_force
from securebase.stories.stock.fact import Fact
from securebase.stories.take_stock import take_stock
from tests import factories as make
from tests.stories import keeping
from tests.stories.keeping import CANARIES, NOW

if TYPE_CHECKING:
    from pytest_django import Settings

NIGHT = timedelta(days=1)
FIRST = date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Return a folder for backups that is this test's own."""
    settings.SECUREBASE_BACKUP_DIR = str(tmp_path / "backups")
    return tmp_path / "backups"


@pytest.fixture
def practice(transactional_db: None, folder: Path) -> Iterator[Path]:
    """Make a practice that was lived in; return the folder of its backups."""
    keeping.a_lived_in_practice()
    yield folder
    assert list(Path(in_force.DATA_DIR).glob(f"{PLACE}*")) == []


def fact() -> Fact:
    """Return what the host is told of the backups an hour after they were due."""
    facts = take_stock(at=NOW + timedelta(hours=1))
    return next(fact for fact in facts if fact.name == "Backups")


def test_a_night_makes_a_backup_and_restores_it(practice: Path) -> None:
    proof = back_up_and_drill(at=NOW)

    assert proof is not None
    assert proof.problems == ()
    assert proof.rows > 100
    assert proof.trail_number > 0
    assert proofs() == [proof]
    assert sorted(p.name for p in practice.iterdir()) == ["nightly-2026-11-23.backup", FILE]


def test_the_trail_says_that_a_backup_was_made_and_tried(practice: Path) -> None:
    back_up_and_drill(at=NOW)

    rows = AuditEvent.objects.filter(verb__startswith="vault.backup").order_by("number")
    assert [(row.verb, row.outcome) for row in rows] == [
        (Verb.BACKUP_MAKE.value, "done"),
        (Verb.BACKUP_DRILL.value, "done"),
    ]
    assert all("nightly-2026-11-23.backup" in row.reason for row in rows)


def test_a_day_has_one_backup_however_often_it_is_asked_for(practice: Path) -> None:
    first = back_up_and_drill(at=NOW)

    again = back_up_and_drill(at=NOW + timedelta(hours=3))

    assert again is None
    assert proofs() == [first]


def test_of_two_processes_one_works_and_the_other_goes_away(practice: Path) -> None:
    practice.mkdir()
    with nightly._alone(practice) as alone:
        meanwhile = back_up_and_drill(at=NOW)

    assert alone
    assert meanwhile is None


def test_a_backup_whose_maker_was_killed_before_the_drill_is_tried_later(
    practice: Path,
) -> None:
    practice.mkdir()
    back_up(practice / "nightly-2026-11-23.backup", at=NOW)

    proof = back_up_and_drill(at=NOW)

    assert proof is not None
    assert proof.passed
    assert proof.rows > 100


def test_a_damaged_backup_is_no_proof_and_the_host_is_told_to_look(practice: Path) -> None:
    practice.mkdir()
    file = practice / "nightly-2026-11-23.backup"
    back_up(file, at=NOW)
    data = bytearray(file.read_bytes())
    data[random.Random(5).randrange(len(data))] ^= 1  # noqa: S311
    file.write_bytes(data)

    proof = back_up_and_drill(at=NOW)

    assert proof is not None
    assert not proof.passed
    assert "damaged" in proof.problems[0]
    assert (fact().state, fact().says) == (
        "look",
        "The one of 23 Nov 2026 09:00 UTC could not be proved.",
    )
    assert AuditEvent.objects.latest("number").outcome == "refused"


def test_a_backup_that_lost_rows_on_the_way_is_found_out(practice: Path) -> None:
    practice.mkdir()
    made = back_up(practice / "one.backup", at=NOW)
    make.a_clinician()
    more = back_up(practice / "two.backup", at=NOW)

    proof = drill(practice / "one.backup", at=NOW, expected=more)

    assert made != more
    assert "accounts_user is not what was backed up" in proof.problems


def test_a_night_that_cannot_write_says_so_and_keeps_what_there_was(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up_and_drill(at=NOW - NIGHT)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nightly, "back_up", full)
    proof = back_up_and_drill(at=NOW)

    assert proof is not None
    assert proof.problems == ("The disk refused: No space left on device.",)
    assert (practice / "nightly-2026-11-22.backup").exists()


def test_a_damaged_database_is_not_backed_up_and_its_last_backup_stays(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object, **__: object) -> None:
        raise Damaged("The database is damaged, so no backup was made of it.")

    monkeypatch.setattr(nightly, "back_up", damaged)

    proof = back_up_and_drill(at=NOW)

    assert proof is not None
    assert proof.problems == ("The database is damaged, so no backup was made of it.",)
    assert not (practice / "nightly-2026-11-23.backup").exists()


def test_the_proof_holds_no_word_that_anybody_wrote(practice: Path) -> None:
    back_up_and_drill(at=NOW)

    said = (practice / FILE).read_text()
    assert [canary for canary in CANARIES if canary in said] == []


@pytest.mark.django_db
def test_a_proof_that_a_crash_cut_short_hides_no_other(folder: Path) -> None:
    keep_proof(Proof("a.backup", NOW))
    with (folder / FILE).open("a") as lines:
        lines.write('{"backup": "b.ba')
    keep_proof(Proof("c.backup", NOW + NIGHT, problems=("it was cut",)))

    assert [(p.backup, p.problems) for p in proofs()] == [
        ("c.backup", ("it was cut",)),
        ("a.backup", ()),
    ]


@pytest.mark.parametrize("line", ["null", "[]", "{}", '{"at": 3}', "half", "\x00"])
def test_a_line_that_is_no_proof_is_passed_over(folder: Path, line: str) -> None:
    folder.mkdir()
    (folder / FILE).write_text(f"{line}\n")

    assert proofs() == []


@pytest.mark.django_db
def test_the_host_is_told_of_no_backup_an_old_one_and_the_same_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = [fact().says]
    keep_proof(Proof("a.backup", NOW - timedelta(days=3)))
    says.append(fact().says)
    keep_proof(Proof("b.backup", NOW))
    monkeypatch.setattr("securebase.stories.take_stock.on_the_same_disk", lambda: True)
    says.append(fact().says)
    monkeypatch.setattr("securebase.stories.take_stock.on_the_same_disk", lambda: False)

    assert says == [
        "There is none yet.",
        "The newest is of 20 Nov 2026 09:00 UTC.",
        "Restored on 23 Nov 2026 09:00 UTC; on the disk of the data.",
    ]
    assert fact().state == "settled"


def test_seven_days_five_weeks_and_twelve_months_are_kept() -> None:
    rule = rule_in_force()
    days = [FIRST + timedelta(days=n) for n in range(800)]

    stay = sorted(kept(days, rule), reverse=True)

    weeks, months = {d.isocalendar()[:2] for d in stay}, {(d.year, d.month) for d in stay}
    assert (rule.daily, rule.weekly, rule.monthly) == (7, 5, 12)
    assert stay[:7] == days[:-8:-1]
    assert len(weeks) >= 5
    assert len(months) == 12
    assert len(stay) <= 7 + 5 + 12


def test_nights_that_were_missed_do_not_use_up_the_days_kept() -> None:
    days = [FIRST + timedelta(days=9 * n) for n in range(20)]

    stay = kept(days, Rule(daily=7, weekly=1, monthly=1))

    assert stay == set(days[-7:])


def test_the_newest_is_kept_whatever_the_rule_and_one_night_at_a_time() -> None:
    """A backup dropped one night is never missed on a later one."""
    there: set[date] = set()
    rule = rule_in_force()
    for n in range(800):
        there.add(FIRST + timedelta(days=n))
        there = set(kept(there, rule))

    assert kept({FIRST}, Rule(daily=0, weekly=0, monthly=0)) == {FIRST}
    assert there == kept([FIRST + timedelta(days=n) for n in range(800)], rule)


@pytest.mark.django_db
def test_what_the_rule_does_not_keep_goes_and_nothing_else(folder: Path) -> None:
    folder.mkdir()
    days = [FIRST + timedelta(days=n) for n in range(100)]
    for day in days:
        (folder / f"nightly-{day}.backup").write_bytes(b"")
        keep_proof(Proof(f"nightly-{day}.backup", NOW))
    unproved = [FIRST - timedelta(days=3), days[-1] + timedelta(days=1)]
    for name in (*(f"nightly-{day}.backup" for day in unproved), "mine.backup", "notes.txt"):
        (folder / name).write_bytes(b"")
    (folder / "nightly-2026-03-01.backup.part-77").write_bytes(b"half")

    nightly._clear_away(folder)

    left = {path.name for path in folder.iterdir()} - {FILE}
    stay = {f"nightly-{day}.backup" for day in kept(days, rule_in_force())}
    assert left == stay | {f"nightly-{unproved[1]}.backup", "mine.backup", "notes.txt"}


def test_the_file_of_proofs_is_plain_json(folder: Path) -> None:
    keep_proof(Proof("a.backup", NOW, rows=3, size=10, seconds=0.5, trail_number=2))

    told = json.loads((folder / FILE).read_text())
    assert told["at"] == "2026-11-23T09:00:00+00:00"
    assert told["rows"] == 3
