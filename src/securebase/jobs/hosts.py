"""Letters to the hosts: each one who has chosen a way to sign in gets one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from securebase.people.accounts.models import Role, User
from securebase.people.accounts.queries import open_accounts
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter


def hosts() -> list[User]:
    """Return the hosts who can sign in."""
    held = open_accounts().filter(
        roles_held__role=Role.HOST.value, roles_held__until__isnull=True
    )
    return [host for host in held if host.has_usable_password()]


def write_to_hosts(
    *, kind: str, name: str, about: Mapping[str, str], at: datetime, days: int
) -> int:
    """Enter one letter of this name to each host; return how many hosts there are."""
    letters = [
        Letter(
            key=f"{kind} {name} {host.pk}",
            kind=kind,
            account=host,
            about=dict(about),
            due_at=at,
            not_after=at + timedelta(days=days),
        )
        for host in hosts()
    ]
    enter(letters)
    return len(letters)
