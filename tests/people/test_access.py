"""The one decision on who may see what.

What is not permitted by the table is refused. Each row below is one line of it, read by
hand: who asks, by which tie, for what; and whether it opens, with the code of the reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from securebase.people.access.decide import decide
from securebase.people.access.words import (
    Action,
    Actor,
    Category,
    Context,
    Decision,
    Kind,
    Obligation,
    Thing,
    Tie,
    TieHeld,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ME, SAM, ANOTHER = UUID(int=1), UUID(int=2), UUID(int=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ROLE_OF = {
    Tie.SELF: "patient",
    Tie.OF_RECORD: "clinician",
    Tie.COVERING: "clinician",
    Tie.SUPERVISING: "supervisor",
    Tie.CONSENTED: "partner",
    Tie.SUPPORTING: "supporter",
    Tie.EMERGENCY: "clinician",
    Tie.EXCLUDED: "clinician",
}
R, W, S, X, E, SH = (
    Action.READ,
    Action.WRITE,
    Action.SIGN,
    Action.EXPORT,
    Action.ERASE,
    Action.SHARE,
)
C = Category


def held(tie: Tie, *categories: Category, purpose: str = "") -> TieHeld:
    """Return a tie that holds now, for a time that every row allows."""
    until = None if tie is Tie.SELF else NOW + HOUR
    return TieHeld(tie, NOW - HOUR, until, frozenset(categories), purpose)


def told(tie: TieHeld, action: Action, category: Category, **facts: Any) -> Decision:
    """Return what is decided for somebody with this one tie about Sam's thing."""
    roles = frozenset({ROLE_OF[tie.tie]} - {""})
    thing = Thing(category, about=SAM, **facts)
    return decide(Actor(ME, roles), action, thing, Context(NOW, (tie,)))


def asked(tie: TieHeld, action: Action, category: Category, **facts: Any) -> bool:
    """Return whether somebody with this one tie may do this with Sam's thing."""
    return told(tie, action, category, **facts).permitted


OF_RECORD, COVER, SELF = held(Tie.OF_RECORD), held(Tie.COVERING), held(Tie.SELF)
SUPERVISOR, UNSHARED = held(Tie.SUPERVISING), held(Tie.SUPPORTING)
SUPPORTER, DRIVER = held(Tie.SUPPORTING, C.PLAN), held(Tie.SUPPORTING, C.SCHEDULE)
EMERGENCY, DANGER = held(Tie.EMERGENCY), held(Tie.EMERGENCY, purpose="danger")
COVER_SUD = held(Tie.COVERING, C.SUBSTANCE)
PLAN_ONLY = held(Tie.CONSENTED, C.PLAN)
DATES_ONLY = held(Tie.CONSENTED, C.SCHEDULE)
EVERYTHING = held(Tie.CONSENTED, *C)

OWN = {"author": ME}
OTHERS = {"author": ANOTHER}
SIGNED, RELEASED, SHARED = {"signed": True}, {"released": True}, {"shared": True}
IN_THREAD = {"parties": frozenset({ME})}
SAFETY, STEPS = {"kind": Kind.SAFETY_PLAN}, {"kind": Kind.CRISIS_STEPS}
PROMPT, DRAFT, RECORD = {"kind": Kind.PROMPT}, {"kind": Kind.DRAFT}, {"kind": Kind.RECORD}

TABLE: list[tuple[TieHeld, Category, dict[str, Any], set[Action]]] = [
    # who        what         as it stands           what may be done
    (OF_RECORD,  C.IDENTITY,  {},                    {R, W, X}),
    (OF_RECORD,  C.IDENTITY,  RECORD,                {R, W, X}),
    (OF_RECORD,  C.SCHEDULE,  {},                    {R, W, X}),
    (OF_RECORD,  C.MEASURE,   {},                    {R, W, X}),
    (OF_RECORD,  C.MEASURE,   PROMPT,                {R, W, X}),
    (OF_RECORD,  C.PLAN,      {},                    {R, W, X}),
    (OF_RECORD,  C.PLAN,      SAFETY,                {R, W, X}),
    (OF_RECORD,  C.PLAN,      STEPS,                 {R, W, X}),
    (OF_RECORD,  C.PLAN,      PROMPT,                {R, W, X}),
    (OF_RECORD,  C.PROGRESS,  OWN,                   {R, W, S}),
    (OF_RECORD,  C.PROGRESS,  OWN | SIGNED,          {R, X}),
    (OF_RECORD,  C.PROGRESS,  OTHERS,                set()),
    (OF_RECORD,  C.PROGRESS,  OTHERS | SIGNED,       {R, X}),
    (OF_RECORD,  C.PROGRESS,  OWN | PROMPT,          {R, W}),
    (OF_RECORD,  C.PROGRESS,  OTHERS | PROMPT,       set()),
    (OF_RECORD,  C.PROGRESS,  SIGNED | PROMPT,       {R, X}),
    (OF_RECORD,  C.PROCESS,   OWN,                   {R, W, SH}),
    (OF_RECORD,  C.PROCESS,   OTHERS,                set()),
    (OF_RECORD,  C.PROCESS,   OTHERS | SHARED,       set()),
    (OF_RECORD,  C.SUBSTANCE, {},                    {R, W, X}),
    (OF_RECORD,  C.SOCIAL,    {},                    {R, W, X}),
    (OF_RECORD,  C.MESSAGE,   {},                    set()),
    (OF_RECORD,  C.MESSAGE,   IN_THREAD,             {R, W}),
    (OF_RECORD,  C.NETWORK,   {},                    {R}),
    (OF_RECORD,  C.AUDIT,     {},                    {R}),
    (OF_RECORD,  C.COURSE,    OWN,                   set()),
    (OF_RECORD,  C.MEASURE,   DRAFT,                 set()),
    (OF_RECORD,  C.MEASURE,   DRAFT | OTHERS,        set()),
    (COVER,      C.IDENTITY,  {},                    {R}),
    (COVER,      C.IDENTITY,  RECORD,                {R}),
    (COVER,      C.SCHEDULE,  {},                    {R, W}),
    (COVER,      C.MEASURE,   {},                    {R}),
    (COVER,      C.MEASURE,   PROMPT,                {R, W}),
    (COVER,      C.PLAN,      {},                    {R}),
    (COVER,      C.PLAN,      SAFETY,                {R, W}),
    (COVER,      C.PLAN,      STEPS,                 {R, W}),
    (COVER,      C.PLAN,      PROMPT,                {R, W}),
    (COVER,      C.PROGRESS,  OWN,                   set()),
    (COVER,      C.PROGRESS,  SIGNED,                {R}),
    (COVER,      C.PROGRESS,  SIGNED | PROMPT,       {R}),
    (COVER,      C.PROGRESS,  OWN | PROMPT,          {W}),
    (COVER,      C.PROGRESS,  OWN | SIGNED | PROMPT, {R}),
    (COVER,      C.PROGRESS,  OTHERS | PROMPT,       set()),
    (COVER,      C.PROCESS,   OWN,                   set()),
    (COVER,      C.SUBSTANCE, {},                    set()),
    (COVER_SUD,  C.SUBSTANCE, {},                    {R}),
    (COVER,      C.SOCIAL,    {},                    {R}),
    (COVER,      C.MESSAGE,   {},                    {R}),
    (COVER,      C.NETWORK,   {},                    {R}),
    (COVER,      C.AUDIT,     {},                    set()),
    (SUPERVISOR, C.IDENTITY,  {},                    {R}),
    (SUPERVISOR, C.IDENTITY,  RECORD,                set()),
    (SUPERVISOR, C.SCHEDULE,  {},                    {R}),
    (SUPERVISOR, C.MEASURE,   {},                    {R}),
    (SUPERVISOR, C.MEASURE,   PROMPT,                {R}),
    (SUPERVISOR, C.PLAN,      {},                    {R}),
    (SUPERVISOR, C.PLAN,      SAFETY,                {R}),
    (SUPERVISOR, C.PLAN,      STEPS,                 {R}),
    (SUPERVISOR, C.PLAN,      PROMPT,                {R}),
    (SUPERVISOR, C.PROGRESS,  {},                    set()),
    (SUPERVISOR, C.PROGRESS,  SIGNED,                {R, S}),
    (SUPERVISOR, C.PROGRESS,  SIGNED | PROMPT,       {R, S}),
    (SUPERVISOR, C.PROCESS,   {},                    set()),
    (SUPERVISOR, C.PROCESS,   SHARED,                {R}),
    (SUPERVISOR, C.SUBSTANCE, {},                    set()),
    (SUPERVISOR, C.SOCIAL,    {},                    set()),
    (SUPERVISOR, C.MESSAGE,   IN_THREAD,             set()),
    (SUPERVISOR, C.NETWORK,   {},                    set()),
    (SUPERVISOR, C.AUDIT,     {},                    {R}),
    (PLAN_ONLY,  C.IDENTITY,  {},                    {R}),
    (PLAN_ONLY,  C.IDENTITY,  RECORD,                set()),
    (PLAN_ONLY,  C.PLAN,      {},                    {R}),
    (PLAN_ONLY,  C.PLAN,      SAFETY,                {R}),
    (PLAN_ONLY,  C.PLAN,      STEPS,                 {R}),
    (PLAN_ONLY,  C.PLAN,      PROMPT,                set()),
    (PLAN_ONLY,  C.MEASURE,   {},                    set()),
    (PLAN_ONLY,  C.SUBSTANCE, {},                    set()),
    (PLAN_ONLY,  C.MESSAGE,   IN_THREAD,             {R, W}),
    (PLAN_ONLY,  C.PROGRESS,  SIGNED,                set()),
    (DATES_ONLY, C.SCHEDULE,  {},                    {R}),
    (DATES_ONLY, C.PLAN,      SAFETY,                set()),
    (EVERYTHING, C.SCHEDULE,  {},                    {R}),
    (EVERYTHING, C.MEASURE,   {},                    {R}),
    (EVERYTHING, C.MEASURE,   PROMPT,                set()),
    (EVERYTHING, C.SUBSTANCE, {},                    {R}),
    (EVERYTHING, C.SOCIAL,    {},                    {R}),
    (EVERYTHING, C.NETWORK,   {},                    {R}),
    (EVERYTHING, C.PROGRESS,  {},                    set()),
    (EVERYTHING, C.PROGRESS,  SIGNED,                {R}),
    (EVERYTHING, C.PROCESS,   {},                    set()),
    (EVERYTHING, C.PROCESS,   SHARED,                set()),
    (EVERYTHING, C.MESSAGE,   {},                    set()),
    (EVERYTHING, C.AUDIT,     {},                    set()),
    (SELF,       C.IDENTITY,  {},                    {R, W, X, SH}),
    (SELF,       C.IDENTITY,  RECORD,                {R, W, X, SH}),
    (SELF,       C.SCHEDULE,  {},                    {R, X, SH}),
    (SELF,       C.MEASURE,   {},                    set()),
    (SELF,       C.MEASURE,   RELEASED,              {R, X, SH}),
    (SELF,       C.MEASURE,   OWN,                   {R, W, X, SH}),
    (SELF,       C.MEASURE,   PROMPT | RELEASED,     set()),
    (SELF,       C.MEASURE,   DRAFT | OWN,           {R, W}),
    (SELF,       C.MEASURE,   DRAFT | OTHERS,        set()),
    (SELF,       C.SUBSTANCE, RELEASED,              {R, X, SH}),
    (SELF,       C.SUBSTANCE, OWN,                   {R, W, X, SH}),
    (SELF,       C.SUBSTANCE, DRAFT | OWN,           {R, W}),
    (SELF,       C.SOCIAL,    {},                    set()),
    (SELF,       C.SOCIAL,    OWN,                   {R, W, X, SH}),
    (SELF,       C.SOCIAL,    RELEASED,              {R, X, SH}),
    (SELF,       C.SOCIAL,    DRAFT | OWN,           {R, W}),
    (SELF,       C.MESSAGE,   DRAFT | OWN,           {R, W}),
    (SELF,       C.PLAN,      {},                    set()),
    (SELF,       C.PLAN,      RELEASED,              {R, W, X, SH}),
    (SELF,       C.PLAN,      SAFETY | RELEASED,     {R, W, X, SH}),
    (SELF,       C.PLAN,      STEPS | RELEASED,      {R, W, X, SH}),
    (SELF,       C.PLAN,      PROMPT | RELEASED,     set()),
    (SELF,       C.PROGRESS,  SIGNED,                set()),
    (SELF,       C.PROGRESS,  RELEASED,              set()),
    (SELF,       C.PROGRESS,  SIGNED | RELEASED,     {R, X, SH}),
    (SELF,       C.PROGRESS,  SIGNED | RELEASED | PROMPT, set()),
    (SELF,       C.PROCESS,   RELEASED | SHARED,     set()),
    (SELF,       C.MESSAGE,   {},                    set()),
    (SELF,       C.MESSAGE,   IN_THREAD,             {R, W, X, SH}),
    (SELF,       C.NETWORK,   {},                    {R, W, X, SH}),
    (SELF,       C.AUDIT,     {},                    {R, X}),
    (SUPPORTER,  C.IDENTITY,  {},                    set()),
    (SUPPORTER,  C.PLAN,      RELEASED,              set()),
    (SUPPORTER,  C.PLAN,      SAFETY | RELEASED,     set()),
    (SUPPORTER,  C.PLAN,      STEPS,                 set()),
    (SUPPORTER,  C.PLAN,      STEPS | RELEASED,      {R}),
    (SUPPORTER,  C.SCHEDULE,  {},                    set()),
    (UNSHARED,   C.PLAN,      STEPS | RELEASED,      set()),
    (UNSHARED,   C.SCHEDULE,  {},                    set()),
    (DRIVER,     C.SCHEDULE,  {},                    {R}),
    (DRIVER,     C.PLAN,      STEPS | RELEASED,      set()),
    (SUPPORTER,  C.MESSAGE,   {},                    set()),
    (SUPPORTER,  C.MESSAGE,   IN_THREAD,             {R, W}),
    (SUPPORTER,  C.MEASURE,   RELEASED,              set()),
    (EMERGENCY,  C.IDENTITY,  {},                    {R}),
    (EMERGENCY,  C.IDENTITY,  RECORD,                {R}),
    (EMERGENCY,  C.SCHEDULE,  {},                    {R}),
    (EMERGENCY,  C.MEASURE,   {},                    {R}),
    (EMERGENCY,  C.MEASURE,   PROMPT,                {R}),
    (EMERGENCY,  C.PLAN,      {},                    set()),
    (EMERGENCY,  C.PLAN,      SAFETY,                {R}),
    (EMERGENCY,  C.PLAN,      STEPS,                 {R}),
    (EMERGENCY,  C.PROGRESS,  {},                    set()),
    (EMERGENCY,  C.PROGRESS,  SIGNED,                {R}),
    (EMERGENCY,  C.PROGRESS,  SIGNED | PROMPT,       {R}),
    (EMERGENCY,  C.PROCESS,   OWN,                   set()),
    (DANGER,     C.PROCESS,   SHARED,                set()),
    (EMERGENCY,  C.SUBSTANCE, {},                    set()),
    (DANGER,     C.SUBSTANCE, {},                    {R}),
    (EMERGENCY,  C.SOCIAL,    {},                    set()),
    (EMERGENCY,  C.MESSAGE,   IN_THREAD,             set()),
    (EMERGENCY,  C.NETWORK,   {},                    {R}),
    (EMERGENCY,  C.AUDIT,     {},                    set()),
]  # fmt: skip


@pytest.mark.parametrize(("tie", "category", "facts", "permitted"), TABLE)
def test_each_line_of_the_table_opens_this_and_no_more(
    tie: TieHeld, category: Category, facts: dict[str, Any], permitted: set[Action]
) -> None:
    opened = {action for action in Action if asked(tie, action, category, **facts)}

    assert opened == permitted


@pytest.mark.parametrize("tie", list(Tie))
def test_a_tie_opens_nothing_without_the_role_that_goes_with_it(tie: Tie) -> None:
    every = [Thing(c, about=SAM, author=ME, signed=True, released=True) for c in Category]

    opened = [
        thing.category
        for thing in every
        for action in Action
        if decide(Actor(ME), action, thing, Context(NOW, (held(tie, *C),))).permitted
    ]

    assert opened == []


@pytest.mark.parametrize("tie", [t for t in Tie if t not in {Tie.SELF, Tie.EXCLUDED}])
@pytest.mark.parametrize(
    ("since", "until"),
    [(NOW + timedelta(seconds=1), NOW + HOUR), (NOW - HOUR, NOW)],
    ids=["not yet", "over"],
)
def test_a_tie_that_does_not_hold_now_opens_nothing(
    tie: Tie, since: datetime, until: datetime
) -> None:
    out = replace(held(tie, *C), since=since, until=until)
    in_force = replace(out, since=NOW, until=NOW + timedelta(seconds=1))

    def opens(one: TieHeld) -> bool:
        facts: dict[str, Any] = {"released": True, "kind": Kind.CRISIS_STEPS}
        return asked(one, R, C.PLAN, **facts)

    assert not opens(out)
    assert opens(in_force)


STRETCHED = [
    TieHeld(tie, NOW, until, frozenset({C.MEASURE}))
    for tie in Tie
    for until in (None, NOW + 400 * DAY)
]
"""Ties without an end, and ties that last too long for some rows."""


@pytest.mark.parametrize(
    ("tie", "longest"), [(Tie.CONSENTED, 366 * DAY), (Tie.EMERGENCY, 4 * HOUR)]
)
def test_what_may_last_only_so_long_opens_nothing_when_it_lasts_longer(
    tie: Tie, longest: timedelta
) -> None:
    just = TieHeld(tie, NOW, NOW + longest, frozenset({C.MEASURE}))
    longer = replace(just, until=NOW + longest + timedelta(seconds=1))

    assert asked(just, R, C.MEASURE)
    assert not asked(longer, R, C.MEASURE)


@pytest.mark.parametrize(
    ("tie", "needs_an_end"),
    [
        (Tie.OF_RECORD, False),
        (Tie.COVERING, True),
        (Tie.SUPERVISING, True),
        (Tie.CONSENTED, True),
        (Tie.EMERGENCY, True),
    ],
)
def test_only_the_bond_of_record_may_be_without_an_end(tie: Tie, *, needs_an_end: bool) -> None:
    endless = TieHeld(tie, NOW, None, frozenset({C.MEASURE}))

    assert asked(endless, R, C.MEASURE) is not needs_an_end


ALONE: list[tuple[str, Category, dict[str, Any], set[Action]]] = [
    # role         what         as it stands                    what may be done
    ("host",       C.IDENTITY,  {"about": SAM},                 {R}),
    ("host",       C.IDENTITY,  {"about": SAM} | RECORD,        {E, X}),
    ("host",       C.AUDIT,     {"about": SAM},                 {R}),
    ("host",       C.MEASURE,   {"about": SAM} | RELEASED,      set()),
    ("host",       C.PLAN,      {"about": SAM} | STEPS,         set()),
    ("host",       C.PROGRESS,  {"about": SAM} | SIGNED,        set()),
    ("host",       C.PROCESS,   {"about": SAM} | SHARED,        set()),
    ("clinician",  C.IDENTITY,  RECORD,                         {W}),
    ("clinician",  C.IDENTITY,  {"about": SAM} | RECORD,        set()),
    ("supervisor", C.IDENTITY,  RECORD,                         set()),
    ("learner",    C.COURSE,    OWN,                            {R, W, X}),
    ("learner",    C.COURSE,    OTHERS,                         set()),
    ("learner",    C.COURSE,    OWN | {"about": SAM},           set()),
    ("partner",    C.IDENTITY,  {"about": SAM},                 set()),
    ("patient",    C.IDENTITY,  {"about": SAM},                 set()),
]  # fmt: skip


@pytest.mark.parametrize(("role", "category", "facts", "permitted"), ALONE)
def test_a_role_alone_opens_this_and_no_more(
    role: str, category: Category, facts: dict[str, Any], permitted: set[Action]
) -> None:
    actor, thing = Actor(ME, frozenset({role})), Thing(category, **facts)

    opened = {
        action for action in Action if decide(actor, action, thing, Context(NOW)).permitted
    }

    assert opened == permitted


def test_nobody_is_the_author_of_what_has_no_author() -> None:
    nobody = Actor(None, frozenset({"learner"}))

    assert not decide(nobody, R, Thing(C.COURSE), Context(NOW)).permitted


def shut_out() -> set[tuple[bool, str]]:
    """Return what is decided for somebody with every tie whom the patient has shut out."""
    every = [held(tie, *C, purpose="danger") for tie in Tie if tie is not Tie.SELF]
    shut = [one if one.tie is not Tie.EXCLUDED else held(Tie.EXCLUDED) for one in every]
    actor = Actor(ME, frozenset(ROLE_OF.values()))
    answers = {
        decide(actor, action, Thing(category, about=SAM, author=ME), Context(NOW, tuple(order)))
        for category in Category
        for action in Action
        for order in (shut, shut[::-1])
    }
    return {(one.permitted, one.reason) for one in answers}


def test_somebody_shut_out_by_the_patient_stays_out_whatever_else_they_hold() -> None:
    assert shut_out() == {(False, "never.excluded")}


def test_the_order_of_ties_never_decides() -> None:
    ties = (OF_RECORD, COVER, EMERGENCY, held(Tie.EXCLUDED, C.PLAN))
    actor = Actor(ME, frozenset({"clinician"}))

    for thing in (Thing(C.PLAN, about=SAM), Thing(C.MEASURE, about=SAM)):
        answers = {decide(actor, R, thing, Context(NOW, order)) for order in permutations(ties)}

        assert len(answers) == 1
        assert answers.pop().permitted is (thing.category is C.MEASURE)


AUDIT = Obligation.AUDIT
OWED: dict[Tie, set[Obligation]] = {
    Tie.SELF: set(),
    Tie.OF_RECORD: {AUDIT},
    Tie.COVERING: {AUDIT},
    Tie.SUPERVISING: {AUDIT, Obligation.INITIALS},
    Tie.CONSENTED: {AUDIT, Obligation.MINIMAL},
    Tie.SUPPORTING: {AUDIT},
    Tie.EMERGENCY: {
        AUDIT,
        Obligation.STEP_UP,
        Obligation.TELL_PATIENT,
        Obligation.TELL_OF_RECORD,
    },
}


@pytest.mark.parametrize("tie", OWED)
def test_who_is_let_in_owes_the_same_for_everything(tie: Tie) -> None:
    owed = [
        told(one, action, category, **facts).obligations
        for one, category, facts, permitted in TABLE
        for action in permitted
        if one.tie is tie
    ]

    assert owed
    assert all(each == OWED[tie] for each in owed)


@pytest.mark.parametrize(
    ("role", "action", "thing", "owes"),
    [
        ("host", R, Thing(C.IDENTITY), {AUDIT}),
        ("host", R, Thing(C.AUDIT), {AUDIT, Obligation.METADATA}),
        (
            "host",
            E,
            Thing(C.IDENTITY, kind=Kind.RECORD),
            {AUDIT, Obligation.STEP_UP, Obligation.TWO_PEOPLE},
        ),
        ("clinician", W, Thing(C.IDENTITY, kind=Kind.RECORD), {AUDIT}),
        ("learner", R, Thing(C.COURSE, author=ME), set()),
    ],
)
def test_a_role_alone_owes_this(
    role: str, action: Action, thing: Thing, owes: set[Obligation]
) -> None:
    decision = decide(Actor(ME, frozenset({role})), action, thing, Context(NOW))

    assert decision.permitted
    assert decision.obligations == owes


def test_two_ways_in_owe_what_the_lighter_one_owes() -> None:
    actor = Actor(ME, frozenset({"clinician"}))

    for ties in ((OF_RECORD, EMERGENCY), (EMERGENCY, OF_RECORD)):
        decision = decide(actor, R, Thing(C.SCHEDULE, about=SAM), Context(NOW, ties))

        assert decision.reason == "record.care"
        assert decision.obligations == {Obligation.AUDIT}


@pytest.mark.parametrize(
    ("roles", "ties", "thing", "reason"),
    [
        ({"clinician"}, (), Thing(C.MEASURE, about=SAM), "no_tie"),
        ({"host"}, (), Thing(C.MEASURE, about=SAM), "no_tie"),
        ({"patient"}, (OF_RECORD,), Thing(C.MEASURE, about=SAM), "no_role"),
        ({"clinician"}, (replace(COVER, until=None),), Thing(C.MEASURE), "tie_too_long"),
        ({"supervisor"}, (SUPERVISOR,), Thing(C.SUBSTANCE, about=SAM), "not_this"),
        ({"supervisor"}, (SUPERVISOR,), Thing(C.PROGRESS, about=SAM), "not_met"),
        (
            {"clinician"},
            (OF_RECORD,),
            Thing(C.PROCESS, about=SAM),
            "never.process_beyond_author",
        ),
        (
            {"clinician"},
            (OF_RECORD,),
            Thing(C.MEASURE, about=SAM, kind=Kind.DRAFT),
            "never.draft_of_another",
        ),
    ],
)
def test_a_refusal_says_why(
    roles: set[str], ties: tuple[TieHeld, ...], thing: Thing, reason: str
) -> None:
    decision = decide(Actor(ME, frozenset(roles)), R, thing, Context(NOW, ties))

    assert (decision.permitted, decision.reason) == (False, reason)
    assert decision.obligations == frozenset()
