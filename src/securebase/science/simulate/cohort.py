"""A practice full of invented people, and their months of check-ins and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from securebase.science.errors import BadInput
from securebase.science.simulate.answering import Style, answer, draw_style
from securebase.science.simulate.course import Inner, inner_course
from securebase.science.simulate.recipe import Course, Recipe, load_recipe
from securebase.science.words import Answers

LEAST_WEEKS, MOST_WEEKS, MOST_PATIENTS = 4, 200, 100_000
CLOSED = 0.04
"""Share of weeks in which the practice is closed."""
AWAY, LONG = 0.4, 10
"""Share of people who take a holiday, and how many weeks make that likely."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One week that asked something of a person.

    ``answered_at`` None: the check-in was missed, and ``answers`` is empty. ``session_at``
    None: no session was planned; ``session_held`` says whether they came. ``sessions``
    counts those held before the check-in was due. ``truth`` is the inner levels.
    """

    week: int
    due: datetime
    answered_at: datetime | None
    answers: Mapping[str, Answers]
    session_at: datetime | None
    session_held: bool
    sessions: int
    truth: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class InventedPatient:
    """Somebody who does not exist, with what is true of them.

    ``rupture`` holds the first and last week of strain, ``repaired`` the week after;
    ``weekday`` is that of the check-in, 0 for Monday. ``pauses`` are agreed weeks off,
    which have no occasion.
    """

    number: int
    first_name: str
    family_name: str
    pronouns: str
    course: Course
    weekday: int
    pauses: frozenset[int]
    rupture: tuple[int, int] | None
    repaired: int | None
    gain: int | None
    drift: int | None
    occasions: tuple[Occasion, ...]

    @property
    def name(self) -> str:
        """First and family name."""
        return f"{self.first_name} {self.family_name}"

    @property
    def person(self) -> str:
        """Short label for files: ``p001``."""
        return f"p{self.number:03d}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """All invented people of one seed."""

    seed: int
    start: date
    weeks: int
    patients: tuple[InventedPatient, ...]


def simulate(patients: int, seed: int, *, start: date, weeks: int = 20) -> Cohort:
    """Invent people and what they answered.

    Parameters
    ----------
    patients : int
        How many, 1 to 100,000.
    seed : int
        Zero or more. The same seed gives the same people, and the first ten of a
        hundred are the ten of ten.
    start : date
        No check-in is due before this day.
    weeks : int
        How many weeks, 4 to 200.

    Returns
    -------
    Cohort
        Times are in UTC.

    Raises
    ------
    BadInput
        If a number is outside its range.

    Examples
    --------
    >>> cohort = simulate(2, 7, start=date(2026, 1, 5), weeks=6)
    >>> len(cohort.patients)
    2
    """
    _check("patients", patients, 1, MOST_PATIENTS)
    _check("weeks", weeks, LEAST_WEEKS, MOST_WEEKS)
    if seed < 0:
        raise BadInput(f"seed is {seed}, it must be zero or more. For instance 7.")
    recipe = load_recipe()
    courses = _courses(patients, seed, recipe)
    closed = _closed_weeks(weeks, np.random.default_rng([seed, 0]))
    people = tuple(
        _invent(n, courses[n - 1], _Plan(recipe, start, weeks, closed), seed)
        for n in range(1, patients + 1)
    )
    return Cohort(seed=seed, start=start, weeks=weeks, patients=people)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same for everybody."""

    recipe: Recipe
    start: date
    weeks: int
    closed: frozenset[int]


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadInput(f"{name} is {value}, it must be {least} to {most}. Choose another.")


def _courses(patients: int, seed: int, recipe: Recipe) -> list[Course]:
    """Courses in blocks, so that a small practice already has one of each."""
    rng = np.random.default_rng([seed, 1])
    kinds, shares = list(recipe.shares), list(recipe.shares.values())
    drawn: list[Course] = []
    while len(drawn) < patients:
        more = rng.choice(len(kinds), size=len(kinds), p=shares)
        drawn += [kinds[i] for i in rng.permutation(len(kinds))]
        drawn += [kinds[i] for i in more]
    return drawn[:patients]


def _closed_weeks(weeks: int, rng: np.random.Generator) -> frozenset[int]:
    """Draw the weeks in which the practice is on holiday, none of them the first four."""
    return frozenset(int(week) for week in range(4, weeks) if rng.random() < CLOSED)


def _invent(number: int, course: Course, plan: _Plan, seed: int) -> InventedPatient:
    rng = np.random.default_rng([seed, 2, number])
    inner = inner_course(course, plan.weeks, rng)
    pauses = plan.closed | _pauses(plan.weeks, rng)
    weekday = int(rng.integers(0, 7))
    first, family, pronouns = _name(number, seed, plan.recipe)
    return InventedPatient(
        number=number,
        first_name=first,
        family_name=family,
        pronouns=pronouns,
        course=course,
        weekday=weekday,
        pauses=pauses,
        rupture=inner.rupture,
        repaired=None if inner.rupture is None else inner.rupture[1] + 1,
        gain=inner.gain,
        drift=inner.drift,
        occasions=tuple(_occasions(inner, plan, pauses, weekday, rng)),
    )


def _pauses(weeks: int, rng: np.random.Generator) -> frozenset[int]:
    """Draw a holiday of one or two weeks, which some people take in a long enough time."""
    if weeks < LONG or rng.random() > AWAY:
        return frozenset()
    first = int(rng.integers(5, weeks - 2))
    return frozenset(range(first, first + int(rng.integers(1, 3))))


def _name(number: int, seed: int, recipe: Recipe) -> tuple[str, str, str]:
    """Names are dealt, not drawn: none comes twice before the deck is used up."""
    names, families = recipe.names, recipe.family_names
    firsts = np.random.default_rng([seed, 3]).permutation(len(names))
    lasts = np.random.default_rng([seed, 4]).permutation(len(families))
    first, pronouns = names[firsts[(number - 1) % len(names)]]
    turned = (number - 1) // len(names)
    return first, families[lasts[(number - 1 + turned) % len(families)]], pronouns


def _occasions(
    inner: Inner, plan: _Plan, pauses: frozenset[int], weekday: int, rng: np.random.Generator
) -> Iterator[Occasion]:
    style = draw_style(plan.recipe.asking, rng)
    misses = float(rng.uniform(0.02, 0.14))
    monday = plan.start + timedelta(days=(-plan.start.weekday()) % 7)
    hour = int(rng.integers(8, 21))
    sessions = 0
    for week in range(plan.weeks):
        if week in pauses:
            continue
        drifting = inner.drift is not None and week >= inner.drift
        day = monday + timedelta(weeks=week, days=weekday)
        due = datetime.combine(day, time(hour), tzinfo=UTC)
        held = bool(rng.random() > (0.6 if drifting else 0.05))
        answered = week == 0 or bool(rng.random() > (0.8 if drifting else misses))
        truth = {name: float(level[week]) for name, level in inner.levels.items()}
        sessions += held
        yield Occasion(
            week=week,
            due=due,
            answered_at=due + _delay(rng) if answered else None,
            answers=_answers(plan.recipe, week, truth, style, rng) if answered else {},
            session_at=due - timedelta(hours=int(rng.integers(2, 30))),
            session_held=held,
            sessions=sessions,
            truth=truth,
        )


def _answers(
    recipe: Recipe,
    week: int,
    truth: Mapping[str, float],
    style: Style,
    rng: np.random.Generator,
) -> dict[str, Answers]:
    return {
        ask.slug: answer(ask, truth, style, rng)
        for ask in recipe.asking
        if week % ask.every == 0
    }


def _delay(rng: np.random.Generator) -> timedelta:
    """Most answer within hours; one in seven takes a day or more."""
    late = rng.random() < 1 / 7
    hours = rng.uniform(24, 70) if late else min(rng.lognormal(0.7, 1.0), 20)
    return timedelta(minutes=int(60 * hours) + 1)
