"""The support tree: what to ask, in which order, and which cards belong to each question.

Read from ``content/guidance.toml`` and checked against the cards, so that a card and
the tree can never disagree about where the card belongs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys, check_words
from securebase.science.errors import ContentError, UnknownName
from securebase.science.strategies import GRADES, strategies
from securebase.science.words import Kind, Strategy

FILE = "guidance.toml"


@dataclass(frozen=True, slots=True)
class Node:
    """One question of the tree, with what would answer it and what may help."""

    key: str
    """``S0`` (safety) to ``S7`` (fit of the treatment)."""
    name: str
    condition: str
    measured_by: tuple[str, ...]
    """Instruments and records that count as data for it."""
    questions: tuple[str, ...]
    cards: tuple[Strategy, ...]
    """Best first."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The way one kind of signal goes through the tree."""

    because: str
    points_to: str
    """The node the signal itself speaks of; empty if it speaks of none."""
    nodes: tuple[str, ...]
    always: frozenset[str]
    """Nodes that are asked even where there are data and no signal."""
    rules: Mapping[str, str]
    """What one rule of the kind says, where it says more than the kind."""
    every_time: frozenset[str]
    """Slugs of the cards offered for every signal of the kind, whatever was declined."""


@dataclass(frozen=True, slots=True)
class SupportTree:
    """The whole of ``content/guidance.toml``, understood."""

    version: str
    reviewed_on: date
    most_per_signal: int
    most_alternatives: int
    nodes: Mapping[str, Node]
    walks: Mapping[Kind, Walk]
    openings: Mapping[str, str]
    """How a card of each evidence grade is spoken of."""
    last: Mapping[str, frozenset[str]]
    """Codes of the cards that come after the others, by phase of care."""


@cache
def support_tree() -> SupportTree:
    """Return the support tree, its nodes in the order in which they are asked.

    Raises
    ------
    ContentError
        If the file is not of its form, names an unknown card, or disagrees with the
        cards about where they belong.
    """
    return read_tree(content_toml(FILE), cards=strategies())


def read_tree(found: Mapping[str, Any], *, cards: Collection[Strategy]) -> SupportTree:
    """Understand a parsed support tree, or refuse it.

    Parameters
    ----------
    found : mapping
        ``guidance.toml`` as parsed.
    cards : collection of Strategy
        Every card there is.

    Returns
    -------
    SupportTree
        The tree, with the cards in place of their codes.

    Raises
    ------
    ContentError
        Naming the place and what is not allowed there.
    """
    check_keys(found, name=FILE, required=_KEYS)
    _check_all(found["openings"], GRADES, what="openings")
    _check_all(found["kinds"], {k for k in Kind if not k.only_tells}, what="kinds")
    nodes = {entry["key"]: _node(entry, cards) for entry in found["nodes"]}
    _check_belonging(nodes, cards)
    return SupportTree(
        version=found["version"],
        reviewed_on=found["reviewed_on"],
        most_per_signal=found["most_per_signal"],
        most_alternatives=found["most_alternatives"],
        nodes=nodes,
        walks={
            Kind(kind): _walk(kind, entry, nodes, cards)
            for kind, entry in found["kinds"].items()
        },
        openings=found["openings"],
        last={phase: _last(phase, entry, cards) for phase, entry in found["phases"].items()},
    )


def known_nodes(measures: Collection[str]) -> frozenset[str]:
    """Return the nodes of the tree for which there are data.

    Parameters
    ----------
    measures : collection of str
        What has been measured or recorded: slugs of instruments, or measures such as
        ``phq-9.total``, and records such as ``attendance`` or ``support-map``.

    Returns
    -------
    frozenset of str
        Keys of nodes, to be given to ``suggest`` as ``measured``.

    Examples
    --------
    >>> sorted(known_nodes(["phq-9.total", "attendance"]))
    ['S0', 'S2']
    """
    slugs = {measure.split(".", 1)[0] for measure in measures}
    return frozenset(
        node.key for node in support_tree().nodes.values() if slugs & set(node.measured_by)
    )


def check_nodes(keys: Collection[str]) -> frozenset[str]:
    """Return the keys as a set; refuse any that is not a node of the tree.

    Raises
    ------
    UnknownName
        Naming the key and the nodes there are.
    """
    nodes = support_tree().nodes
    unknown = sorted(set(keys) - nodes.keys())
    if unknown:
        raise UnknownName(
            f"{', '.join(unknown)}: no such node of the support tree. The nodes are "
            f"{', '.join(nodes)}; turn names of instruments into nodes with known_nodes."
        )
    return frozenset(keys)


_KEYS: dict[str, type] = {
    "version": str,
    "reviewed_on": date,
    "sources": list,
    "most_per_signal": int,
    "most_alternatives": int,
    "openings": dict,
    "phases": dict,
    "kinds": dict,
    "nodes": list,
}
_NODE_KEYS: dict[str, type] = {
    "key": str,
    "name": str,
    "condition": str,
    "measured_by": list,
    "questions": list,
    "actions": list,
}
_WALK_KEYS: dict[str, type] = {
    "because": str,
    "points_to": str,
    "nodes": list,
    "always": list,
}
_WALK_OPTIONS: dict[str, type] = {"rules": dict, "every_time": list}


def _check_all(found: Mapping[str, Any], wanted: Collection[str], *, what: str) -> None:
    if set(found) != set(wanted):
        raise ContentError(
            f"{FILE}: {what} has {', '.join(sorted(found))}; it must have exactly "
            f"{', '.join(sorted(wanted))}."
        )


def _node(entry: Mapping[str, Any], cards: Collection[Strategy]) -> Node:
    name = f"{FILE}, node {entry.get('key', 'without a key')}"
    check_keys(entry, name=name, required=_NODE_KEYS)
    return Node(
        key=entry["key"],
        name=entry["name"],
        condition=entry["condition"],
        measured_by=check_words(entry["measured_by"], what=f"{name}: measured_by"),
        questions=check_words(entry["questions"], what=f"{name}: questions"),
        cards=_find(check_words(entry["actions"], what=f"{name}: actions"), cards, name=name),
    )


def _find(
    codes: Collection[str], cards: Collection[Strategy], *, name: str
) -> tuple[Strategy, ...]:
    known = {card.code: card for card in cards}
    missing = [code for code in codes if code not in known]
    if missing:
        raise ContentError(
            f"{name}: no card has the code {', '.join(missing)}. Write the card, or take "
            "the code out."
        )
    return tuple(known[code] for code in codes)


def _check_belonging(nodes: Mapping[str, Node], cards: Collection[Strategy]) -> None:
    for card in cards:
        says = {call for call in card.calls if call.startswith("S") and call[1:].isdigit()}
        holds = {node.key for node in nodes.values() if card in node.cards}
        if says != holds or not holds:
            raise ContentError(
                f"strategies/{card.slug}.md calls itself to {sorted(says)}, {FILE} has it "
                f"at {sorted(holds)}. Make them the same, at one node or more."
            )


def _walk(
    kind: str,
    entry: Mapping[str, Any],
    nodes: Mapping[str, Node],
    cards: Collection[Strategy],
) -> Walk:
    name = f"{FILE}, kind {kind}"
    check_keys(entry, name=name, required=_WALK_KEYS, optional=_WALK_OPTIONS)
    every_time = check_words(entry.get("every_time", []), what=f"{name}: every_time")
    walk = Walk(
        because=entry["because"],
        points_to=entry["points_to"],
        nodes=check_words(entry["nodes"], what=f"{name}: nodes"),
        always=frozenset(check_words(entry["always"], what=f"{name}: always")),
        rules=entry.get("rules", {}),
        every_time=frozenset(card.slug for card in _find(every_time, cards, name=name)),
    )
    named = {*walk.nodes, *walk.always, *filter(None, [walk.points_to])}
    if named - nodes.keys() or not walk.always <= set(walk.nodes):
        raise ContentError(
            f"{name}: names {', '.join(sorted(named))}; the nodes are {', '.join(nodes)}, "
            "and what is always asked must be on the walk."
        )
    return walk


def _last(phase: str, entry: Mapping[str, Any], cards: Collection[Strategy]) -> frozenset[str]:
    name = f"{FILE}, phase {phase}"
    check_keys(entry, name=name, required={"last": list})
    codes = check_words(entry["last"], what=f"{name}: last")
    return frozenset(card.code for card in _find(codes, cards, name=name))
