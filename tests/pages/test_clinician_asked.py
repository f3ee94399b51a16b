"""What may be asked by the clock.

A rhythm asks what can be asked again and again while nobody sits beside the patient.
"""

from __future__ import annotations

import pytest

from securebase.pages.clinician.rhythm_form import showable


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "offered"),
    [
        ("phq-9", True),
        ("session-check-in", True),
        ("ace", True),  # once only
        ("asq", False),  # safety questions alone: asked by somebody who can stay
        ("sud", False),  # about one memory
        ("ecr-r", False),  # no wording is shipped
    ],
)  # fmt: skip
def test_only_what_can_be_asked_alone_and_again_is_offered(slug: str, offered: bool) -> None:
    assert (slug in {asked.slug for asked in showable()}) is offered
