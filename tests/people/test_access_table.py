"""The table of access is read whole or not at all.

What is wrong with it is said with the place, the value and what is allowed there, so that
whoever edits the file can mend it. It says where each line is from.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest

from securebase.content import content_text
from securebase.people.access.errors import TableError
from securebase.people.access.table import DEFAULTS, ROLES, read_table, the_table
from securebase.people.access.words import Category, Tie
from securebase.people.accounts.models import Role

TEXT = content_text("access.toml")

BROKEN = [
    # what is written        what should not have been         what is said
    (
        'tie = "of record"',
        'tie = "of the record"',
        "'of the record' is no tie; choose from self",
    ),
    ('role = "host"', 'role = "hosts"', "role is 'hosts'; choose one of"),
    ('role = "host"', "", "role is ''; choose one of"),
    ('categories = ["course"]', 'categories = ["courses"]', "'courses' is no category"),
    ('actions = ["erase"]', 'actions = ["delete"]', "'delete' is no action"),
    ('when = ["shared"]', 'when = ["share"]', "'share' is no condition"),
    ('kinds = ["draft"]', 'kinds = ["drafts"]', "'drafts' is no kind"),
    ('"two people"', '"two"', "'two' is no obligation"),
    ('unless = ["own", "shared"]', 'unless = ["mine"]', "'mine' is no condition"),
    ('tie = "excluded"', "", "it would refuse everything"),
    ('reason = "host.erase"', 'reason = "host.accounts"', "reason host.accounts stands twice"),
    ('role = "learner"', 'role = "host"', "row for None/host stands twice"),
    ('reason = "self.audit"', 'because = "self.audit"', "reason is missing; add it"),
    ("ends = true", "end = true", "end is not known here"),
    ("reviewed_on = 2026-11-23", 'reviewed_on = "soon"', "write a date"),
    ("reviewed_on = 2026-11-23", "reviewed_on =", "access.toml: Invalid value"),
    ("no_role = ", "no_rule = ", "['no_role', 'no_rule'] stands on one side only"),
]


@pytest.mark.parametrize(("written", "instead", "said"), BROKEN)
def test_what_is_wrong_is_said_with_its_place(written: str, instead: str, said: str) -> None:
    assert written in TEXT

    with pytest.raises(TableError, match=re.escape(said)):
        read_table(TEXT.replace(written, instead, 1))


def test_the_roles_of_the_table_are_those_an_account_may_hold() -> None:
    assert set(Role.values) == ROLES


def test_each_tie_has_a_row_or_outweighs_all_rows() -> None:
    table = the_table()

    known = {row.tie for row in table.rows} | {never.tie for never in table.never}

    assert known - {None} == set(Tie)


def test_each_category_is_open_to_somebody() -> None:
    opened = {c for row in the_table().rows for may in row.may for c in may.categories}

    assert opened == set(Category)


def test_each_line_says_where_it_is_from() -> None:
    table = the_table()

    sources = [row.source for row in table.rows] + [never.source for never in table.never]
    assert all(source.endswith(".") for source in sources)
    assert table.reviewed_on <= date.today()  # noqa: DTZ011 -- a date of the file, in no zone


def test_nothing_that_names_a_patient_is_open_to_a_role_alone_but_to_the_host() -> None:
    alone = [row for row in the_table().rows if row.tie is None]

    opened = {
        (row.role, category)
        for row, may in product(alone, [may for row in alone for may in row.may])
        if may in row.may and "about nobody" not in may.when
        for category in may.categories
    }

    assert opened == {("host", Category.IDENTITY), ("host", Category.AUDIT)}


def test_each_reason_of_a_refusal_has_a_sentence() -> None:
    table = the_table()

    assert set(table.refusals) == {*DEFAULTS, *(never.reason for never in table.never)}
    assert all(words.endswith(".") for words in table.refusals.values())
