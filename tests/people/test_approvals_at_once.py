"""Two hosts confirm at the same moment: one does it, the other is told that it is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from securebase.people.accounts.models import Role, User
from securebase.people.approvals.actions import ask, confirm, withdraw
from securebase.people.approvals.models import Approval
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks
from tests.doors import a_database_with_many_doors
from tests.factories import NOW, a_host

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "Kim begins as a supervisor in May."
AT = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _many_doors(tmp_path: Path) -> Iterator[None]:
    with a_database_with_many_doors(tmp_path):
        yield


def test_of_several_who_settle_an_act_at_once_exactly_one_does() -> None:
    asker, others = a_host(), [a_host(f"Host {n}") for n in range(6)]
    approval = ask(
        kind=Approval.Kind.GRANT_ROLE,
        about=uuid4(),
        detail=Role.SUPERVISOR.value,
        reason=WHY,
        by=asker,
        at=NOW,
    )
    said: list[str] = []
    together = threading.Barrier(len(others))

    def settle(by: User, number: int) -> None:
        act = confirm if number % 2 else withdraw
        try:
            together.wait()
            act(approval=Approval.objects.get(pk=approval.pk), by=by, at=AT)
            said.append("done")
        except PermissionDenied:
            said.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=settle, args=(by, n)) for n, by in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["done"] + ["too late"] * 5
    one = Approval.objects.get()
    assert (one.confirmed_at is None) != (one.withdrawn_at is None)
    settled = AuditEvent.objects.exclude(verb="approvals.act.ask")
    assert settled.filter(verb__startswith="approvals.").count() == 1
    assert list(breaks()) == []
