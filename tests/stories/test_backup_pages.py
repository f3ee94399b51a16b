"""A restored practice, looked at.

The clinician and a patient sign in to the restored practice and find the pages they had,
word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.moment import connected_to
from securebase.stories.keep_safe.restore import restore
from tests import factories as make
from tests.stories import keeping
from tests.stories.keeping import NOW, root_key

MOST = 20
"""Pages looked at for each person."""
LINK = re.compile(r'href="(/(?:desk|me|help-now)[^"#?]*)"')
NEW_EACH_TIME = re.compile(r'(?:csrfmiddlewaretoken" value|data-token)="[^"]*"')

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Return an empty place."""
    with keeping.an_empty_place(tmp_path / "place") as found:
        yield found


def pages(user: User, start: str) -> dict[str, str]:
    """Sign in, follow links from one page and return what each page says."""
    visitor = Client()
    visitor.force_login(user)
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen:
            continue
        answer = visitor.get(address, follow=True)
        assert answer.status_code == 200, address
        seen[address] = NEW_EACH_TIME.sub("", answer.content.decode())
        waiting += LINK.findall(seen[address])
    return seen


def test_everybody_finds_the_pages_they_had(place: dict[str, Any], tmp_path: Path) -> None:
    jo = keeping.a_lived_in_practice()
    make.with_factor(jo)
    sam = make.the_account(Patient.objects.all()[0])
    back_up(tmp_path / "a.backup", at=NOW)
    before = pages(jo, "/desk/"), pages(sam, "/me/")

    restore(tmp_path / "a.backup", database=place, root_key=root_key())

    with connected_to(place):
        assert (pages(jo, "/desk/"), pages(sam, "/me/")) == before
    assert len(before[0]) + len(before[1]) >= MOST
    assert any(keeping.CANARIES[1] in page for page in before[0].values())
