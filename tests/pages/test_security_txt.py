"""Where to report a hole.

A host who gives an address has it shown where people who find holes look for it.
"""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories import NOW

ADDRESS = "/.well-known/security.txt"


@pytest.mark.django_db
def test_it_names_the_address_until_when_and_where_it_belongs(
    client: Client, settings: Any
) -> None:
    settings.SECUREBASE_SECURITY_CONTACT = "mailto:holes@practice.example"
    settings.SECUREBASE_BASE_URL = "https://practice.example/"

    with time_machine.travel(NOW, tick=False):
        reply = client.get(ADDRESS)

    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.content.decode().splitlines() == [
        "Contact: mailto:holes@practice.example",
        "Expires: 2027-05-22T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://practice.example/.well-known/security.txt",
    ]


@pytest.mark.django_db
def test_without_an_address_there_is_no_such_page(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404
