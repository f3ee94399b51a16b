"""The people of ``benchmarks/load.py``, for locust: patients, and clinicians at their desk."""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from random import choice
from typing import Any

from locust import HttpUser, between, task  # type: ignore[import-not-found]

TOLD = json.loads(Path(os.environ["PEOPLE"]).read_text())
THINKING = between(4, 6)
_patients, _clinicians = count(), count()


class Person(HttpUser):  # type: ignore[misc]
    """Somebody who is signed in."""

    abstract = True
    wait_time = THINKING

    def enter(self, session: str) -> None:
        """Hold the cookie of a sign-in."""
        self.client.cookies.set(TOLD["cookie"], session)

    def send(self, path: str, form: dict[str, Any], name: str) -> None:
        """Send a form with its token, and follow nowhere."""
        token = self.client.cookies.get("csrftoken", "")
        self.client.post(
            path, {**form, "csrfmiddlewaretoken": token}, name=name, allow_redirects=False
        )


class Answering(Person):
    """A patient who goes through a check-in, page by page, and sends it."""

    weight = 70

    def on_start(self) -> None:
        """Begin with a check-in that nobody else has."""
        self.begin()

    def begin(self) -> None:
        """Take the next patient whose check-in waits."""
        one = TOLD["patients"][next(_patients) % len(TOLD["patients"])]
        self.path, self.asked, self.at = f"/me/check-in/{one['checkin']}/", one["asked"], 0
        self.client.cookies.clear()
        self.enter(one["session"])
        self.client.get("/me/", name="patient's first page")

    @task  # type: ignore[untyped-decorator]
    def go_on(self) -> None:
        """Open the next question and answer it; after the last one, send."""
        if self.at < len(self.asked):
            kind, value = self.asked[self.at]
            self.at += 1
            page = f"{self.path}{self.at}/"
            self.client.get(page, name="question")
            answer = "It was a long week." if kind == "text" else value
            self.send(page, {"do": "continue", "answer": answer}, "answer")
            return
        self.client.get(f"{self.path}review/", name="review")
        self.send(f"{self.path}send/", {}, "send")
        self.begin()


class AtTheDesk(Person):
    """A clinician who looks at charts, and at what is behind a signal."""

    weight = 30

    def on_start(self) -> None:
        """Sit down at the desk."""
        self.enter(TOLD["clinicians"][next(_clinicians) % len(TOLD["clinicians"])])

    @task  # type: ignore[untyped-decorator]
    def today(self) -> None:
        """Open Today."""
        self.client.get("/desk/", name="Today")

    @task  # type: ignore[untyped-decorator]
    def person(self) -> None:
        """Open one person with the charts."""
        self.client.get(f"/desk/people/{choice(TOLD['people'])}/", name="person")

    @task  # type: ignore[untyped-decorator]
    def why(self) -> None:
        """Open what is behind a signal."""
        pk = choice(TOLD["signals"])
        self.client.get(f"/desk/signals/{pk}/", name="why")
