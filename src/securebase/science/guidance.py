"""Guidance: from signals to a few ways of working, each with its because.

What is offered is a suggestion and says why, what it rests on and what was not measured;
what becomes of it is the clinician's decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from securebase.science.errors import UnknownName
from securebase.science.strategies import strategy
from securebase.science.support_tree import check_nodes, support_tree
from securebase.science.words import Suggestion

if TYPE_CHECKING:
    from securebase.science.support_tree import Node
    from securebase.science.words import Signal, Strategy


def suggest(
    signals: Sequence[Signal],
    *,
    measured: Collection[str],
    phase: str,
    declined: Collection[str] = (),
) -> tuple[Suggestion, ...]:
    """Offer ways of working for the signals of one person.

    Each signal walks the support tree: safety, then the nodes that a signal points to,
    then the rest in the tree's order; a node with data and no signal waits at the end.
    One card is taken from each node before a second from any.

    Parameters
    ----------
    signals : sequence of Signal
        What asks for attention now, in any order.
    measured : collection of str
        Nodes of the tree (``S0`` to ``S7``) for which there are data; see
        ``support_tree.known_nodes``.
    phase : str
        Phase of care: ``stabilize``, ``process`` or ``integrate``.
    declined : collection of str, optional
        Slugs of cards not to be offered, because somebody said no or they are already
        on the page.

    Returns
    -------
    tuple of Suggestion
        At most three for each signal, no card twice, in the order of the tree and ranked
        from 1. Each names its signal, its because, the nodes of the walk that were not
        measured, and other cards of the same node.

    Raises
    ------
    UnknownName
        If ``measured`` names no node, ``phase`` no phase, or ``declined`` no card.
    """
    order = list(support_tree().nodes)
    known = check_nodes(measured)
    taken = {strategy(slug).slug for slug in declined}
    behind = _last_in(phase)
    pointed = {support_tree().walks[signal.kind].points_to for signal in signals}

    offers: list[tuple[int, Suggestion]] = []
    for signal in sorted(signals, key=_urgency):
        path = _path(signal, known=known, pointed=pointed)
        lists = [_cards(node, signal, behind=behind) for node in path]
        for node, card in _chosen(path, lists, taken=taken):
            taken.add(card.slug)
            offers.append((order.index(node.key), _offer(card, node, signal, known=known)))
    offers.sort(key=lambda offer: offer[0])
    return tuple(
        replace(offer, rank=rank, alternatives=_alternatives(order[place], taken))
        for rank, (place, offer) in enumerate(offers, start=1)
    )


def _last_in(phase: str) -> frozenset[str]:
    last = support_tree().last
    if phase not in last:
        raise UnknownName(f"No phase of care is called {phase!r}; use {', '.join(last)}.")
    return last[phase]


def _urgency(signal: Signal) -> int:
    return list(support_tree().walks).index(signal.kind)


def _path(signal: Signal, *, known: frozenset[str], pointed: Collection[str]) -> list[Node]:
    """Return the nodes of one walk in the order in which they are asked."""
    tree = support_tree()
    walk = tree.walks[signal.kind]
    watched = {other.points_to for other in tree.walks.values()}

    def turn(key: str) -> int:
        quiet = key in watched & known and key not in {*walk.always, *pointed}
        if quiet:
            return 3
        if key == next(iter(tree.nodes)):
            return 0
        return 1 if key in pointed else 2

    return [tree.nodes[key] for key in sorted(walk.nodes, key=turn)]


def _cards(node: Node, signal: Signal, *, behind: frozenset[str]) -> list[Strategy]:
    """Return the cards of a node, those that name the signal itself first."""

    def fit(card: Strategy) -> tuple[bool, int]:
        calls = (signal.rule, signal.kind.value)
        match = next((i for i, call in enumerate(calls) if call in card.calls), len(calls))
        return card.code in behind, match

    return sorted(node.cards, key=fit)


def _chosen(
    path: Sequence[Node], lists: Sequence[Sequence[Strategy]], *, taken: Collection[str]
) -> list[tuple[Node, Strategy]]:
    """Return the first few cards nobody has yet, one from each node in turn."""
    free = [[card for card in cards if card.slug not in taken] for cards in lists]
    chosen: dict[str, tuple[Node, Strategy]] = {}
    for node, card in _in_turn(path, free):
        chosen.setdefault(card.slug, (node, card))
    return list(chosen.values())[: support_tree().most_per_signal]


def _in_turn(
    path: Sequence[Node], lists: Sequence[Sequence[Strategy]]
) -> Iterator[tuple[Node, Strategy]]:
    for place in range(max(map(len, lists), default=0)):
        for node, cards in zip(path, lists, strict=True):
            if place < len(cards):
                yield node, cards[place]


def _offer(card: Strategy, node: Node, signal: Signal, *, known: frozenset[str]) -> Suggestion:
    tree = support_tree()
    walk = tree.walks[signal.kind]
    return Suggestion(
        strategy=card.slug,
        rank=0,
        because=" ".join(
            [
                f"{walk.because}{_figures(signal)}.",
                *_about_node(node, points_to=walk.points_to, known=known),
                evidence_sentence(card),
            ]
        ),
        not_measured=tuple(tree.nodes[key].name for key in walk.nodes if key not in known),
        signal=signal,
    )


def evidence_sentence(card: Strategy) -> str:
    """Say in one breath what a card rests on, and whether anybody has checked.

    Parameters
    ----------
    card : Strategy
        Any card.

    Returns
    -------
    str
        For instance ``Studies suggest this may help.``; a card of grade C or D is what
        some clinicians find, and nothing more.
    """
    opening = support_tree().openings[card.evidence]
    if any(source.verified for source in card.sources):
        return opening
    return f"{opening} Its sources have not been checked."


def _figures(signal: Signal) -> str:
    usual, now = signal.data.get("usual"), signal.data.get("now")
    if isinstance(usual, int | float) and isinstance(now, int | float):
        return f" (usual {round(usual, 1):g}, now {round(now, 1):g})"
    return ""


def _about_node(node: Node, *, points_to: str, known: frozenset[str]) -> list[str]:
    if node.key not in known:
        return [f"{node.name}: not measured, so worth asking."]
    if node.key == points_to:
        return []
    return [f"{node.name}: there are data, which is not the same as having asked."]


def _alternatives(key: str, taken: Collection[str]) -> tuple[str, ...]:
    tree = support_tree()
    others = [card.slug for card in tree.nodes[key].cards if card.slug not in taken]
    return tuple(others[: tree.most_alternatives])
