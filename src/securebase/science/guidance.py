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

    Each signal walks the support tree: safety, then nodes with a card that names the
    signal, then the rest; a node with data and no signal waits at the end, and one of
    which another signal speaks is left to that signal. One card is taken from each node
    before a second from any.

    Parameters
    ----------
    signals : sequence of Signal
        What was noticed now, in any order; what only tells is passed over.
    measured : collection of str
        Nodes of the tree (``S0`` to ``S7``) for which there are data; see
        ``support_tree.known_nodes``.
    phase : str
        Phase of care: ``stabilize``, ``process`` or ``integrate``.
    declined : collection of str, optional
        Slugs of cards not to be offered, because somebody said no or they are already
        on the page. A card that belongs to every signal of its kind comes all the same:
        each answer about safety asks for its own conversation.

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
    tree = support_tree()
    order = list(tree.nodes)
    signals = [signal for signal in signals if not signal.kind.only_tells]
    spoken_of = {tree.walks[signal.kind].points_to for signal in signals}
    known = check_nodes(measured) | spoken_of
    refused = {strategy(slug).slug for slug in declined}
    offered: set[str] = set()
    behind = _last_in(phase)

    offers: list[tuple[int, Suggestion]] = []
    for signal in sorted(signals, key=_urgency):
        path = _path(signal, known=known, spoken_of=spoken_of)
        taken = offered | (refused - tree.walks[signal.kind].every_time)
        lists = [_cards(node, signal, behind=behind) for node in path]
        for node, card in _chosen(path, lists, taken=taken):
            offered.add(card.slug)
            offers.append((order.index(node.key), _offer(card, node, signal, known=known)))
    offers.sort(key=lambda offer: offer[0])
    return tuple(
        replace(offer, rank=rank, alternatives=_alternatives(order[place], offered | refused))
        for rank, (place, offer) in enumerate(offers, start=1)
    )


def _last_in(phase: str) -> frozenset[str]:
    last = support_tree().last
    if phase not in last:
        raise UnknownName(f"No phase of care is called {phase!r}; use {', '.join(last)}.")
    return last[phase]


def _urgency(signal: Signal) -> int:
    return list(support_tree().walks).index(signal.kind)


def _path(signal: Signal, *, known: Collection[str], spoken_of: Collection[str]) -> list[Node]:
    """Return the nodes of one walk in the order in which they are asked."""
    tree = support_tree()
    walk = tree.walks[signal.kind]
    watched = {other.points_to for other in tree.walks.values()}

    def turn(node: Node) -> int:
        if node.key in watched and node.key in known and node.key not in walk.always:
            return 3
        if node.key == next(iter(tree.nodes)):
            return 0
        return 1 if any(_match(card, signal) < NO_MATCH for card in node.cards) else 2

    left_to_others = set(spoken_of) - {walk.points_to}
    return sorted(
        (tree.nodes[key] for key in walk.nodes if key not in left_to_others), key=turn
    )


NO_MATCH = 2
"""After 0, the card names the rule of the signal, and 1, it names its kind."""


def _match(card: Strategy, signal: Signal) -> int:
    calls = (signal.rule, signal.kind.value)
    return next((i for i, call in enumerate(calls) if call in card.calls), NO_MATCH)


def _cards(node: Node, signal: Signal, *, behind: frozenset[str]) -> list[Strategy]:
    """Return the cards of a node, those that name the signal itself first."""
    return sorted(node.cards, key=lambda card: (card.code in behind, _match(card, signal)))


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


def _offer(card: Strategy, node: Node, signal: Signal, *, known: Collection[str]) -> Suggestion:
    tree = support_tree()
    walk = tree.walks[signal.kind]
    because = walk.rules.get(signal.rule, walk.because)
    sentences = [
        f"{because}{_figures(signal)}.",
        _about_node(node, points_to=walk.points_to, known=known),
        f"It m{card.suits[0][1:]}",
        evidence_sentence(card),
    ]
    return Suggestion(
        strategy=card.slug,
        rank=0,
        because=" ".join(filter(None, sentences)),
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


def _about_node(node: Node, *, points_to: str, known: Collection[str]) -> str:
    if node.key not in known:
        return f"{node.name}: not measured, so worth asking."
    if node.key == points_to:
        return ""
    return f"{node.name}: there are data, which is not the same as having asked."


def _alternatives(key: str, taken: Collection[str]) -> tuple[str, ...]:
    tree = support_tree()
    others = [card.slug for card in tree.nodes[key].cards if card.slug not in taken]
    return tuple(others[: tree.most_alternatives])
