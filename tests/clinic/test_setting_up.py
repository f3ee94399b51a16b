"""Setting up the practice: an act of a host, done once."""

from __future__ import annotations

import pytest

from securebase.clinic.care import policies as care
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_only_a_host_sets_up_the_practice() -> None:
    assert care.can_set_up(make.a_host())
    assert not care.can_set_up(make.a_clinician())


def test_a_practice_is_set_up_once() -> None:
    make.a_practice()

    assert not care.can_set_up(make.a_host())
