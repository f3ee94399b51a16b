"""Reading a bank of items.

No bank comes with the program, so every figure of one is checked as it is read, and none
is used without a licence and a note of who permitted it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from securebase.science.adaptive.bank import load_bank
from securebase.science.errors import BadInput, ScienceError, UnknownName

BANK = """
name = "Invented mood"
version = "1"
unit = "invented people"
source = "tests"
licence = "ours"
permission = "ours, 2026-11-23"

[[items]]
id = "low"
area = "mood"
slope = 2.1
thresholds = [-0.5, 0.4, 1]

[[items]]
id = "tired"
slope = 1.2
thresholds = [0.3]
"""
TABLE = "id,area,slope,threshold1,threshold2\nlow,mood,2.1,-0.5,0.4\ntired,body,1.2,0.3,\n"


def written(folder: Path, bank: str, table: str = TABLE) -> Path:
    """Write a bank and the table beside it."""
    (folder / "items.csv").write_text(table, encoding="utf-8")
    path = folder / "bank.toml"
    path.write_text(bank, encoding="utf-8")
    return path


def beside() -> str:
    """Return the bank with its items in a table beside it."""
    return BANK.split("[[items]]", maxsplit=1)[0] + 'items = "items.csv"\n'


def test_a_bank_is_read_with_its_licence(tmp_path: Path) -> None:
    bank = load_bank(written(tmp_path, BANK))

    assert (bank.ids, bank.counts, bank.areas) == (("low", "tired"), (4, 2), ("mood", ""))
    assert bank.slopes.tolist() == [2.1, 1.2]
    assert (bank.licence, bank.permission) == ("ours", "ours, 2026-11-23")


def test_items_may_stand_in_a_table_beside_it(tmp_path: Path) -> None:
    bank = load_bank(written(tmp_path, beside()))

    assert (bank.ids, bank.counts, bank.areas) == (("low", "tired"), (3, 2), ("mood", "body"))


def test_a_short_form_keeps_the_licence(tmp_path: Path) -> None:
    short = load_bank(written(tmp_path, BANK)).only(["tired"])

    assert (short.ids, short.counts, short.thresholds.shape) == (("tired",), (2,), (1, 1))
    assert short.permission == "ours, 2026-11-23"
    with pytest.raises(UnknownName, match="'Invented mood' has no item 'sad'"):
        load_bank(tmp_path / "bank.toml").only(["sad"])
    with pytest.raises(ScienceError, match="1 different names"):
        load_bank(tmp_path / "bank.toml").only(["low", "low"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('permission = "ours, 2026-11-23"', "", "bank.toml: permission is missing"),
        ('licence = "ours"', 'licence = " "', "bank.toml: licence is missing"),
        ('version = "1"', "version = 1", "version is missing"),
        ('unit = "', 'units = "', "'units' is not known here"),
        ("slope = 2.1", "slope = -2.1", "bank.toml, item 1, low: slope is -2.1"),
        ("slope = 2.1", "slope = inf", "slope is inf; it must be above 0"),
        ("slope = 2.1", 'slope = "2.1"', "item 1: slope '2.1' and thresholds"),
        ("slope = 2.1", "slope = true", "slope True and thresholds"),
        ("slope = 2.1", "slope = 2.1\nguess = 0.2", "item 1: 'guess' is not known"),
        ("[-0.5, 0.4, 1]", "[-0.5, 0.4, 0.4]", "low: thresholds are .*each above the one"),
        ("[-0.5, 0.4, 1]", "[]", "give one or more numbers"),
        ("[-0.5, 0.4, 1]", "0.5", "are not a number and a list of numbers"),
        ('id = "tired"', 'id = "low"', "item 2: 'low' stands at bank.toml, item 1 too"),
        ('id = "tired"', 'id = ""', "item 2: the id is blank"),
        ("[[items]]", "[[things]]", "'things' is not known here"),
        ("= ", "== ", "bank.toml: not readable as TOML"),
    ],
)
def test_a_bank_that_is_not_in_order_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in BANK
    path = written(tmp_path, BANK.replace(old, new))

    with pytest.raises(BadInput, match=said):
        load_bank(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold2", "threshold3", "items.csv, row 1: the columns are"),
        ("area", "guess", "row 1: the columns are"),
        ("threshold1", "first", "there is no column 'threshold1'"),
        ("2.1", "two", "items.csv, row 2, column slope: 'two' is not a number"),
        ("2.1", "", "row 2, low: slope is nan"),
        ("-0.5,0.4", ",0.4", "row 2, low: thresholds are"),
        ("0.3", "", "row 3, tired: thresholds are"),
        ("tired", "low", "row 3: 'low' stands at items.csv, row 2 too"),
        ("low,mood,2.1,-0.5,0.4\ntired,body,1.2,0.3,\n", "", "the bank has no items"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in TABLE
    path = written(tmp_path, beside(), TABLE.replace(old, new))

    with pytest.raises(BadInput, match=said):
        load_bank(path)


@pytest.mark.parametrize("items", ["", "items = 3", "items = []"])
def test_a_bank_without_items_is_refused(tmp_path: Path, items: str) -> None:
    path = written(tmp_path, BANK.split("[[items]]", maxsplit=1)[0] + items)

    with pytest.raises(BadInput, match="items are missing"):
        load_bank(path)
