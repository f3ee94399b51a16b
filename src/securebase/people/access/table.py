"""The table of access, read from ``content/access.toml`` and checked once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from securebase.content import content_text
from securebase.people.access.errors import TableError
from securebase.people.access.words import Action, Category, Kind, Obligation, Tie

FILE = "access.toml"
ROLES = frozenset(
    {"clinician", "patient", "partner", "supervisor", "learner", "host", "supporter"}
)
"""The roles an account may hold; a test keeps them in step with ``accounts.Role``."""

DEFAULTS = ("no_tie", "no_role", "tie_too_long", "not_this", "not_met")
"""Reasons of a refusal that no line of the table asks for."""

E = TypeVar("E", bound=StrEnum)


class Condition(StrEnum):
    """A fact that a permission may ask for."""

    OWN = "own"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    RELEASED = "released"
    SHARED = "shared"
    NAMED = "named"
    PARTY = "party"
    DANGER = "danger"
    ABOUT_NOBODY = "about nobody"


@dataclass(frozen=True, slots=True)
class May:
    """One permission of a row."""

    reason: str
    categories: frozenset[Category]
    actions: frozenset[Action]
    kinds: frozenset[Kind]
    when: frozenset[Condition]
    owes: frozenset[Obligation]


@dataclass(frozen=True, slots=True)
class Row:
    """What one tie, or one role alone, opens."""

    name: str
    tie: Tie | None
    role: str
    ends: bool
    longest: timedelta | None
    condition: str
    source: str
    verified: bool
    may: tuple[May, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """A refusal that outweighs every permission."""

    reason: str
    says: str
    tie: Tie | None
    categories: frozenset[Category]
    kinds: frozenset[Kind]
    unless: frozenset[Condition]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of permissions, refusals that outweigh them, and the words of a refusal."""

    reviewed_on: date
    rows: tuple[Row, ...]
    never: tuple[Never, ...]
    refusals: Mapping[str, str]


@cache
def the_table() -> Table:
    """Return the table this program decides by."""
    return read_table(content_text(FILE))


def read_table(text: str) -> Table:
    """Read a table of access, or say what is wrong with it and where."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise TableError(f"{FILE}: {problem}.") from problem
    _keys(told, "the file", need={"reviewed_on", "row", "never", "refusals"})
    if not isinstance(told["reviewed_on"], date):
        raise TableError(f"{FILE}: reviewed_on is {told['reviewed_on']!r}; write a date.")
    rows = tuple(_row(one) for one in told["row"])
    never = tuple(_never(one) for one in told["never"])
    _once("reason", [may.reason for row in rows for may in row.may])
    _once("row for", [f"{row.tie}/{row.role}" for row in rows])
    refusals = {str(code): str(words) for code, words in told["refusals"].items()}
    if missing := {*DEFAULTS, *(one.reason for one in never)} ^ set(refusals):
        raise TableError(
            f"{FILE}, refusals: {sorted(missing)} stands on one side only; each reason of "
            "a refusal has one sentence, and each sentence a reason."
        )
    return Table(told["reviewed_on"], rows, never, refusals)


def _row(told: Mapping[str, Any]) -> Row:
    where = f"row {told.get('name', '?')!r}"
    _keys(
        told,
        where,
        need={"name", "condition", "source", "verified", "may"},
        may={"tie", "role", "ends", "longest"},
    )
    tie, role = told.get("tie"), told.get("role", "")
    if role not in ROLES | ({""} if tie else frozenset()):
        raise TableError(
            f"{FILE}, {where}: role is {role!r}; choose one of {sorted(ROLES)}. "
            "Only a row with a tie may do without."
        )
    return Row(
        name=told["name"],
        tie=next(iter(_all(Tie, [tie], where))) if tie else None,
        role=role,
        ends=bool(told.get("ends", False)),
        longest=timedelta(**told["longest"]) if "longest" in told else None,
        condition=told["condition"],
        source=told["source"],
        verified=told["verified"],
        may=tuple(_may(one, where) for one in told["may"]),
    )


def _may(told: Mapping[str, Any], row: str) -> May:
    where = f"{row}, {told.get('reason', '?')!r}"
    need = {"reason", "categories", "actions"}
    _keys(told, where, need=need, may={"kinds", "when", "owes"})
    return May(
        reason=told["reason"],
        categories=_all(Category, told["categories"], where),
        actions=_all(Action, told["actions"], where),
        kinds=_all(Kind, told.get("kinds", [Kind.ORDINARY]), where),
        when=_all(Condition, told.get("when", []), where),
        owes=_all(Obligation, told.get("owes", []), where),
    )


def _never(told: Mapping[str, Any]) -> Never:
    where = f"never {told.get('reason', '?')!r}"
    need = {"reason", "says", "source", "verified"}
    _keys(told, where, need=need, may={"tie", "categories", "kinds", "unless"})
    if not {"tie", "categories", "kinds"} & set(told):
        raise TableError(
            f"{FILE}, {where}: it would refuse everything; name a tie, categories or kinds."
        )
    return Never(
        reason=told["reason"],
        says=told["says"],
        tie=next(iter(_all(Tie, [told["tie"]], where))) if "tie" in told else None,
        categories=_all(Category, told.get("categories", list(Category)), where),
        kinds=_all(Kind, told.get("kinds", list(Kind)), where),
        unless=_all(Condition, told.get("unless", []), where),
        source=told["source"],
        verified=told["verified"],
    )


def _all(words: type[E], told: Iterable[str], where: str) -> frozenset[E]:
    known = {word.value: word for word in words}
    for one in told:
        if one not in known:
            raise TableError(
                f"{FILE}, {where}: {one!r} is no {words.__name__.lower()}; "
                f"choose from {', '.join(known)}."
            )
    return frozenset(known[one] for one in told)


def _keys(
    told: Mapping[str, Any],
    where: str,
    *,
    need: set[str],
    may: frozenset[str] | set[str] = frozenset(),
) -> None:
    if missing := need - set(told):
        raise TableError(f"{FILE}, {where}: {', '.join(sorted(missing))} is missing; add it.")
    if unknown := set(told) - need - may:
        raise TableError(
            f"{FILE}, {where}: {', '.join(sorted(unknown))} is not known here; "
            f"known are {', '.join(sorted(need | may))}."
        )


def _once(what: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TableError(f"{FILE}: {what} {', '.join(twice)} stands twice; keep one.")
