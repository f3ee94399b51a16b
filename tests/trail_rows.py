"""Counting the rows that one request leaves on the trail.

``asked`` is a fixture: ``asked(client, "/desk/…", of=patient)`` makes a request and returns
the response with the rows about that patient, so that a test can say "exactly one".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.clinic.trailing import added_rows

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.audit.models import AuditEvent


@dataclass(frozen=True)
class Asked:
    """What a request was answered with, and the rows it left about one patient."""

    response: HttpResponse
    rows: list[AuditEvent]


def ask(client: Client, path: str, *, of: Patient, method: str = "get", **data: Any) -> Asked:
    """Make one request and gather the rows about the patient that it left."""
    with added_rows() as rows:
        response = getattr(client, method)(path, data)
    about: UUID = of.pk
    return Asked(response, [row for row in rows if row.patient == about])


@pytest.fixture
def asked() -> Callable[..., Asked]:
    """Return ``ask``, to be used as a fixture."""
    return ask
