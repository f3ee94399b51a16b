"""The patient's pages, for tired eyes and unsure hands.

Beyond what every page must do, on each page that a patient reads: text stands out seven to
one (WCAG 1.4.6), whatever is pressed is 44 pixels wide and high unless it stands in a
sentence (2.5.5), and nothing moves where movement is not wanted (2.3.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_every_page import LOOKS, World, patient_pages, world

if TYPE_CHECKING:
    from tests.chromium import Visitor

__all__ = ["world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

STRICTEST = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
OPEN = ("/help-now", "/offline", "/own-copy", "/account/login/", "/account/link/")
SMALL = """() => {
  const shown = (one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 1 && height > 1 && getComputedStyle(one).visibility === "visible";
  };
  const target = (one) => one.closest("label") ?? one;
  const inSentence = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    return one.parentElement.textContent.trim() !== one.textContent.trim()
      || ["P", "LI", "DD", "SPAN"].includes(one.parentElement.tagName);
  };
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.type !== "hidden" && shown(one) && !inSentence(one))
    .map((one) => [one, target(one).getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width | 0} by ${box.height | 0}`);
}"""
MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"


def hard_on(one: Visitor, path: str) -> list[str]:
    """Return what is hard to read, to hit or to bear on a page, however one looks at it."""
    from axe_playwright_python.sync_playwright import Axe

    page, found = one.go(path), list[str]()
    for size, scheme in LOOKS:
        one.look(size, scheme)
        told = Axe().run(page, options=STRICTEST).response["violations"]
        hard = [f"faint: {node['target']}" for rule in told for node in rule["nodes"]]
        hard += [f"small: {target}" for target in page.evaluate(SMALL)]
        hard += ["something moves"] if page.evaluate(MOVING) else []
        found += [f"{path} on a {size}, {scheme}: {fault}" for fault in hard]
    return found


def test_every_page_can_be_read_and_hit_with_ease(
    visitor: Callable[..., Visitor], world: World
) -> None:
    sam, stranger = visitor(world.patient), visitor()

    assert [hard for path in patient_pages(world) for hard in hard_on(sam, path)] == []
    assert [hard for path in OPEN for hard in hard_on(stranger, path)] == []
