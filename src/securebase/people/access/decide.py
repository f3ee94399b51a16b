"""The one decision: may this actor do this with that thing, and why.

Every page, query, export and job asks here, so that a list and the page behind it
cannot disagree. What the table does not permit is refused, and what it never permits
outweighs whatever it permits elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from securebase.people.access.table import Condition, May, Never, Row, Table, the_table
from securebase.people.access.words import Action, Actor, Context, Decision, Thing, TieHeld

DANGER_TO_LIFE = "danger"
"""The purpose of an emergency that opens more than others."""


def decide(actor: Actor, action: Action, thing: Thing, context: Context) -> Decision:
    """Decide whether the actor may do this with the thing at this moment.

    The first refusal of the table that applies decides. Otherwise every tie that holds,
    and every role, is asked for itself: one permission is enough, and what is owed is
    the least that any of them owes.
    """
    held = tuple(tie for tie in context.ties if tie.holds(context.at))
    for never in the_table().never:
        if _applies(never, actor, thing, held):
            return Decision(permitted=False, reason=never.reason)
    permissions = [
        may
        for row, tie in _open_rows(the_table(), actor, held)
        for may in row.may
        if _covers(may, action, thing) and all(_met(one, actor, thing, tie) for one in may.when)
    ]
    if permissions:
        least = min(permissions, key=lambda may: (len(may.owes), may.reason))
        return Decision(permitted=True, reason=least.reason, obligations=least.owes)
    return Decision(permitted=False, reason=_why_not(actor, action, thing, held))


def lasts_rightly(row: Row, tie: TieHeld) -> bool:
    """Whether the tie has the end its row asks for, and comes to it soon enough."""
    if tie.until is None:
        return not row.ends
    return row.longest is None or tie.until - tie.since <= row.longest


def _open_rows(
    table: Table, actor: Actor, held: tuple[TieHeld, ...]
) -> Iterator[tuple[Row, TieHeld | None]]:
    for row in table.rows:
        if row.role and row.role not in actor.roles:
            continue
        if row.tie is None:
            yield row, None
        for tie in held:
            if tie.tie is row.tie and lasts_rightly(row, tie):
                yield row, tie


def _covers(may: May, action: Action, thing: Thing) -> bool:
    return (
        action in may.actions and thing.category in may.categories and thing.kind in may.kinds
    )


def _applies(never: Never, actor: Actor, thing: Thing, held: tuple[TieHeld, ...]) -> bool:
    if thing.category not in never.categories or thing.kind not in never.kinds:
        return False
    if never.tie is not None and not any(
        tie.tie is never.tie and (not tie.categories or thing.category in tie.categories)
        for tie in held
    ):
        return False
    return not any(_met(one, actor, thing, None) for one in never.unless)


def _met(condition: Condition, actor: Actor, thing: Thing, tie: TieHeld | None) -> bool:
    facts = {
        Condition.OWN: actor.pk is not None and thing.author == actor.pk,
        Condition.SIGNED: thing.signed,
        Condition.UNSIGNED: not thing.signed,
        Condition.RELEASED: thing.released,
        Condition.SHARED: thing.shared,
        Condition.NAMED: tie is not None and thing.category in tie.categories,
        Condition.PARTY: actor.pk in thing.parties,
        Condition.DANGER: tie is not None and tie.purpose == DANGER_TO_LIFE,
        Condition.ABOUT_NOBODY: thing.about is None,
    }
    return facts[condition]


def _why_not(actor: Actor, action: Action, thing: Thing, held: tuple[TieHeld, ...]) -> str:
    table = the_table()
    rows = [row for row, _ in _open_rows(table, actor, held)]
    if any(_covers(may, action, thing) for row in rows for may in row.may):
        return "not_met"
    tied = {tie.tie for tie in held}
    if any(row.tie in tied for row in rows):
        return "not_this"
    if not tied:
        return "no_tie"
    roles = {row.role for row in table.rows if row.tie in tied and row.role}
    return "tie_too_long" if roles & actor.roles else "no_role"
