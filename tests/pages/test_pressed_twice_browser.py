"""A double click in a real browser.

Whoever clicks everything twice, or whose hand shakes, sends a form twice; it is done once.
"""

from __future__ import annotations

from typing import Any

import pytest

from securebase.clinic.formulation.models import Goal
from tests.factories import a_clinician, a_patient, a_practice, the_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def sent_twice(route: Any) -> None:
    """Let the server have a form, and then once more, whose answer the window shows."""
    route.fetch(max_redirects=0)
    route.continue_()


def test_a_double_click_keeps_one_goal_and_leads_back_to_it(visitor: Any) -> None:
    a_practice()
    window = visitor(the_account(a_patient(of=a_clinician())), size="phone")
    page = window.go("/me/together/")
    # Chromium gives up the first of two presses, but may have sent it by then.
    page.route("**/me/goals", sent_twice)

    page.get_by_label("A goal, in your words").fill("To sleep through a night.")
    page.get_by_role("button", name="Keep it").dblclick()
    page.get_by_text("To sleep through a night.").first.wait_for()

    assert page.url.endswith("/me/together/")
    assert Goal.objects.count() == 1
