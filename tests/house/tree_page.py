"""The page of the support tree: from each kind of signal to nodes, and from nodes to cards."""

from __future__ import annotations

from collections.abc import Callable

from securebase.science.support_tree import support_tree

Table = Callable[..., str]
HEAD = """# Support tree

Version {version}, reviewed on {reviewed}.
A signal walks the nodes in its row; each node asks first and offers cards after.
At most {per_signal} cards are offered for a signal.
On a person's page at most three wait at a time.
Nodes without data are said to be not measured, never fine.

"""


def tree_page(table: Table) -> str:
    """Return the whole tree as two tables and the questions of each node."""
    tree = support_tree()
    head = HEAD.format(
        version=tree.version, reviewed=tree.reviewed_on, per_signal=tree.most_per_signal
    )
    walks = [
        (kind.value, walk.because, ", ".join(walk.nodes), ", ".join(sorted(walk.always)))
        for kind, walk in tree.walks.items()
    ]
    nodes = [
        (
            node.key,
            node.name,
            ", ".join(node.measured_by) or "nothing: always asked",
            ", ".join(f"{card.code} {card.title}" for card in node.cards),
        )
        for node in tree.nodes.values()
    ]
    parts = [
        head,
        "## From signal to nodes\n\n",
        table(("signal", "because", "nodes", "always asked"), walks),
        "\n## From node to cards\n\n",
        table(("node", "name", "measured by", "cards, best first"), nodes),
    ]
    for node in tree.nodes.values():
        asked = "".join(f"- {question}\n" for question in node.questions)
        parts.append(f"\n## {node.key}: {node.name}\n\n{node.condition}\n\n{asked}")
    return "".join(parts)
