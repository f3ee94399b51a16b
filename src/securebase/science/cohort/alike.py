"""Making people less exact until enough of them are alike (k-anonymity).

It holds for what somebody from outside could know, as the form names it. It says nothing of
a whole series of scores: whoever knows one person's scores finds them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from securebase.science.errors import BadInput

Person = Mapping[str, str | None]


def smallest_group(people: Sequence[Person], columns: Sequence[str]) -> int:
    """Return how many people the smallest group of people alike has; 0 if nobody is there.

    Parameters
    ----------
    people : sequence of mapping
        One mapping of column to value a person.
    columns : sequence of str
        The columns in which they are compared.

    Returns
    -------
    int
        People.

    Examples
    --------
    >>> smallest_group([{"a": "x"}, {"a": "x"}, {"a": "y"}], ["a"])
    1
    """
    return min(_groups(people, columns).values(), default=0)


def make_alike(
    people: Sequence[Person], columns: Sequence[str], least: int
) -> list[dict[str, str | None]]:
    """Blank columns of people in small groups, until every group is large enough.

    Parameters
    ----------
    people : sequence of mapping
        One mapping of column to value a person; other keys are left as they are.
    columns : sequence of str
        What could be known from outside, in the order in which it is given up.
    least : int
        People a group needs, 1 or more.

    Returns
    -------
    list of dict
        The same people in the same order. Nobody is left out.

    Raises
    ------
    BadInput
        If there are fewer people than a group needs.

    Examples
    --------
    >>> made = make_alike([{"a": "x"}, {"a": "x"}, {"a": "y"}, {"a": "z"}], ["a"], 2)
    >>> [one["a"] for one in made]
    ['x', 'x', None, None]
    """
    if len(people) < least:
        raise BadInput(
            f"There are {len(people)} people, and fewer than {least} cannot be told without "
            "pointing at somebody. Export when there are more."
        )
    made = [dict(one) for one in people]
    for column in columns:
        small = _in_small(made, columns, least)
        for one in small:
            one[column] = None
    while _in_small(made, columns, least):
        _widen(made, columns)
    return made


def _widen(made: list[dict[str, str | None]], columns: Sequence[str]) -> None:
    """Blank the smallest group that is not blank yet, so that the blank ones are more."""
    blank = (None,) * len(columns)
    groups = {key: n for key, n in _groups(made, columns).items() if key != blank}
    key = min(groups, key=lambda one: (groups[one], str(one)))
    for person in made:
        if _key(person, columns) == key:
            person.update(dict.fromkeys(columns))


def _in_small(
    made: list[dict[str, str | None]], columns: Sequence[str], least: int
) -> list[dict[str, str | None]]:
    groups = _groups(made, columns)
    return [one for one in made if groups[_key(one, columns)] < least]


def _groups(
    people: Sequence[Person], columns: Sequence[str]
) -> Counter[tuple[str | None, ...]]:
    return Counter(_key(one, columns) for one in people)


def _key(person: Person, columns: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(person[column] for column in columns)
