"""``securebase audit days``: what the trail says of some days, to find out what happened."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from securebase.cli.keeping import add_data_dir, add_json, in_words, open_practice, say
from securebase.science.errors import BadInput


def add_parser(acts: Any) -> None:
    """Describe the act and its options."""
    days = acts.add_parser(
        "days",
        help="say who did what in some days, and whose records were touched",
        description="Say of each account what it did between two moments, and which records "
        "it touched, by their numbers. The moments are UTC unless they say otherwise.",
    )
    days.add_argument(
        "--since", required=True, metavar="MOMENT", help="2026-11-20 or with time"
    )
    days.add_argument("--until", metavar="MOMENT", help="default now")
    days.add_argument("--account", default="", metavar="ADDRESS", help="one account only")
    add_data_dir(days)
    add_json(days)


def run(args: argparse.Namespace) -> int:
    """Say it; 0 also when nothing happened."""
    since = _moment("--since", args.since)
    until = _moment("--until", args.until) if args.until else None
    open_practice(args.data_dir)
    story = import_module("securebase.stories.keep_safe.what_happened")
    now: datetime = import_module("django.utils.timezone").now()
    with in_words():
        span = story.Span(since, until or now)
        found = story.what_happened(span, email=args.account, at=now)
    say(_as_json(found) if args.json else _as_words(found))
    return 0


def _moment(option: str, said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise BadInput(
            f"{option} is {said!r}, which is no moment. Write 2026-11-20 or 2026-11-20T14:30."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _as_words(found: Any) -> str:
    since, until = found.span.since, found.span.until
    lines = [
        f"{found.rows} rows from {since:%Y-%m-%d %H:%M %Z} to {until:%Y-%m-%d %H:%M %Z}; "
        f"{len(found.records)} records touched."
    ]
    for one in found.doings:
        who = f"{one.account} ({one.role or 'no role'})" if one.account else "Nobody signed in"
        lines += [
            "",
            f"{who}: {one.first:%Y-%m-%d %H:%M} to {one.last:%Y-%m-%d %H:%M}, "
            f"{len(one.records)} records",
            *_counted(one.done),
            *_counted(one.refused, " in vain"),
        ]
        lines += [f"    record {record}" for record in sorted(one.records)]
    return "\n".join(lines)


def _counted(verbs: Mapping[str, int], how: str = "") -> list[str]:
    return [f"  {n:>6} {verb}{how}" for verb, n in sorted(verbs.items())]


def _as_json(found: Any) -> str:
    told = {
        "since": found.span.since.isoformat(),
        "until": found.span.until.isoformat(),
        "rows": found.rows,
        "records": sorted(map(str, found.records)),
        "doings": [
            {
                "account": str(one.account) if one.account else None,
                "role": one.role,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "records": sorted(map(str, one.records)),
                "done": dict(sorted(one.done.items())),
                "refused": dict(sorted(one.refused.items())),
            }
            for one in found.doings
        ],
    }
    return json.dumps(told, indent=2)
