"""A voice to keep.

A patient records a voice in the browser, listens, keeps it, and plays it again from the
kit another day. Nothing is sent before it is kept, and where the microphone is closed the
page says so and a file will do.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from securebase.clinic.practice.models import KitEntry
from tests.chromium import PROGRAMS, QUIETLY, SIZES, Visitor
from tests.factories import a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from securebase.people.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

A_MICROPHONE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
"""A microphone that hears a tone, and asks nobody."""
HEARD = """async () => {
  const clock = new AudioContext();
  while (clock.currentTime < 0.5) await new Promise(requestAnimationFrame);
  await clock.close();
}"""
"""Half a second by the clock of the sound, so that there is something to hear."""
ADD = "/me/kit/add/sound/"
PLAYS = """async (player) => {
  await player.play();
  await new Promise((heard) => player.addEventListener("timeupdate", heard, { once: true }));
  return [player.error, player.currentTime > 0, player.paused];
}"""


@pytest.fixture
def sam() -> User:
    a_practice()
    return the_account(a_patient(of=a_clinician(), at=timezone.now()))


@pytest.fixture
def with_microphone(chromium: Browser, live_server: Any, sam: User) -> Iterator[Visitor]:
    """Return the patient's window in a browser that has a microphone."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    kind = chromium.browser_type
    browser = kind.launch(executable_path=program, args=[*QUIETLY, *A_MICROPHONE])
    width, height = SIZES["phone"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context, live_server.url)
    yield visitor.sign_in(sam)
    browser.close()
    assert visitor.trouble == []


def test_a_voice_is_recorded_heard_kept_and_played_again(with_microphone: Visitor) -> None:
    sam, sent = with_microphone, []
    page = sam.go(ADD)
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Record here").click()
    page.get_by_text("Recording.", exact=True).wait_for()
    page.evaluate(HEARD)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Recorded.").wait_for()
    listen = page.get_by_role("button", name="Listen")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "true")
    expect(listen).to_have_attribute("aria-pressed", "false")
    assert sam.violations() == []
    assert "POST" not in sent

    page.get_by_label("Whose voice, or what sound").fill("Mara")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept. It is the last one in your kit.").wait_for()
    page.get_by_role("link", name="Mara").click()
    player = page.locator("audio")
    assert not player.evaluate("(player) => player.autoplay")
    trouble, is_heard, is_silent = player.evaluate(PLAYS)

    assert (trouble, is_heard, is_silent) == (None, True, False)
    assert sam.violations() == []
    kept = KitEntry.objects.get()
    assert (kept.kind, kept.title) == ("sound", "Mara")


def test_without_a_microphone_the_page_says_so_and_a_file_will_do(
    visitor: Callable[..., Visitor], sam: User
) -> None:
    page = visitor(sam, size="phone").go(ADD)
    page.get_by_role("button", name="Record here").click()

    page.get_by_text("The microphone is not open to this page.").wait_for()
    assert page.get_by_label("The recording").is_visible()
