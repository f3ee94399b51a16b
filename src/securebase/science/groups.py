"""Tick boxes that are put as one question, of which several may be ticked.

Each box is an item of its own: 1 ticked, 0 not ticked, None not answered. A question of
which no box was ticked was not answered: nobody can tell it from one that was passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from securebase.science.words import Answers, Item, Wording

NONE_TICKED = "no box ticked"
"""What an answer says that came from elsewhere with every box not ticked."""


def put_together(items: Iterable[Item]) -> list[tuple[Item, ...]]:
    """Return items as they are put: the boxes of one group together, others alone.

    Examples
    --------
    >>> boxes = [Item("1a", 0, 1, group="1"), Item("1b", 0, 1, group="1"), Item("2", 0, 3)]
    >>> [len(put) for put in put_together(boxes)]
    [2, 1]
    """
    put: list[tuple[Item, ...]] = []
    for item in items:
        if item.group and put and put[-1][0].group == item.group:
            put[-1] += (item,)
        else:
            put.append((item,))
    return put


def ticks(boxes: Sequence[str], ticked: Collection[str]) -> dict[str, int | None]:
    """Return the answer of each box of one question, by its name.

    Parameters
    ----------
    boxes : sequence of str
        Every box of the question.
    ticked : collection of str
        Those that were ticked; if there is none the question was not answered.

    Examples
    --------
    >>> ticks(["1a", "1b"], ["1b"]), ticks(["1a", "1b"], [])
    ({'1a': 0, '1b': 1}, {'1a': None, '1b': None})
    """
    return {box: int(box in ticked) if ticked else None for box in boxes}


def ticked_words(boxes: Sequence[Item], answers: Answers, wording: Wording | None) -> str:
    """Return which boxes of one question are ticked, in words; empty if not answered.

    Parameters
    ----------
    boxes : sequence of Item
        The boxes of the question.
    answers : mapping of item id to int or None
        As given.
    wording : Wording or None
        What the boxes say; without it they go by their ids.
    """
    given = [answers.get(box.id) for box in boxes]
    said = [
        wording.items.get(box.id, box.id) if wording else box.id
        for box, value in zip(boxes, given, strict=True)
        if value
    ]
    if said:
        return "; ".join(said)
    return "" if None in given else NONE_TICKED


def question_of(put: Sequence[Item], wording: Wording) -> str:
    """Return the words of a question as it is put: of a group, those over its boxes."""
    first = put[0]
    return wording.groups[first.group] if first.group else wording.items[first.id]


def number_of(item: Item) -> str:
    """Return the number a question goes by: of a box, that of its group."""
    return item.group or item.id
