"""The page of who may see what, written from ``content/access.toml`` for clinicians."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module

import django

from securebase.people.access.table import May, Row, the_table
from securebase.people.access.words import Action, Category, Kind

Tabled = Callable[[tuple[str, ...], Sequence[tuple[object, ...]]], str]

COLUMNS = {
    Category.IDENTITY: "name and contact",
    Category.SCHEDULE: "dates",
    Category.MEASURE: "answers and scores",
    Category.PLAN: "plans",
    Category.PROGRESS: "progress notes",
    Category.PROCESS: "process notes",
    Category.SUBSTANCE: "substance use",
    Category.SOCIAL: "social needs",
    Category.MESSAGE: "messages",
    Category.NETWORK: "support map",
    Category.AUDIT: "who saw what",
    Category.COURSE: "own course",
}
VERBS = {
    Action.READ: "read",
    Action.WRITE: "write",
    Action.SIGN: "sign",
    Action.EXPORT: "take a copy",
    Action.ERASE: "erase",
    Action.SHARE: "share",
}
WHEN = {
    "own": "own",
    "signed": "signed",
    "unsigned": "not signed yet",
    "released": "meant for the patient",
    "shared": "shared by its author",
    "named": "named in the consent or cover",
    "party": "in the thread",
    "danger": "danger to life",
    "about nobody": "about no patient",
}
FOREWORD = """# Who may see what

The program decides by this table and by nothing else.
What is not written here is refused.
A star says that a condition must be met, or that it is so for one kind only.
The lines below say which.
A tie opens something only together with the role, and only while it holds.
At the next request it is asked again.
Reviewed on {reviewed:%-d %B %Y}.

"""


def access_page(table: Tabled) -> str:
    """Return the page: a table to look at, every line of it, and what is never open."""
    known = the_table()
    rows = [(row.name, *(_cell(row, category) for category in COLUMNS)) for row in known.rows]
    text = [FOREWORD.format(reviewed=known.reviewed_on)]
    text.append(table(("who", *COLUMNS.values()), rows))
    text.append("\n## Never, whatever else is permitted\n")
    never = [(one.says, one.source, _verified(one.verified)) for one in known.never]
    text.append(table(("what", "source", "source read"), never))
    text.append("\n## Line by line\n")
    for row in known.rows:
        text.append(f"### {row.name}\n\n{row.condition}\nSource: {row.source}")
        text.append(f"Source read: {_verified(row.verified)}.\n")
        text.append(table(("what", "may", "if", "owes", "code"), [_line(m) for m in row.may]))
    text.append("## What runs by the clock\n")
    text.append("Nobody asks for it, and nobody is shown anything here.\n")
    text.append(table(("work", "reaches", "and", "what for"), _work()))
    text.append("## When it says no\n")
    text.append(table(("code", "what a person reads"), list(known.refusals.items())))
    return "\n".join(text)


def _work() -> list[tuple[str, str, str, str]]:
    # Jobs know models; the pages are also written outside of tests.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "securebase.config.settings.testing")
    django.setup()
    reaches = import_module("securebase.jobs.reach").REACHES
    return [
        (
            work.__name__.replace("_", " "),
            "everything"
            if reach.categories == set(Category)
            else ", ".join(COLUMNS[one] for one in Category if one in reach.categories),
            VERBS[reach.action],
            reach.why,
        )
        for work, reach in reaches.items()
    ]


def _cell(row: Row, category: Category) -> str:
    found = [may for may in row.may if category in may.categories]
    plain = [may for may in found if Kind.ORDINARY in may.kinds and not may.when]
    return ", ".join(
        words + ("" if any(action in may.actions for may in plain) else "*")
        for action, words in VERBS.items()
        if any(action in may.actions for may in found)
    )


def _line(may: May) -> tuple[str, ...]:
    kinds = [kind.value for kind in Kind if kind in may.kinds and kind is not Kind.ORDINARY]
    what = ", ".join(COLUMNS[category] for category in Category if category in may.categories)
    more = f" ({', '.join(kinds)})" if kinds else ""
    return (
        what + more,
        ", ".join(words for action, words in VERBS.items() if action in may.actions),
        ", ".join(sorted(WHEN[one] for one in may.when)),
        ", ".join(sorted(may.owes)),
        f"`{may.reason}`",
    )


def _verified(verified: bool) -> str:
    return "yes" if verified else "no"
