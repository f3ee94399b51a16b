"""A patient who answers check-ins through the pages, and notes what was acknowledged."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.visitor import Visitor

STEP = re.compile(r"/me/check-in/([0-9a-f-]{36})/(\d+|review)/")
SKIPPED, CHANGED = 0.1, 0.15
"""How often a question is skipped, and how often an answer is kept first as another."""
WORDS = ("It was a long week.", "Ça va — 😀", "<b>no</b> & yes", "zeile\r\nzwei", "'; --")

Value = int | str | None


@dataclass(slots=True)
class Ledger:
    """What a server acknowledged; of several answers to one question the last one holds."""

    keeps: dict[str, dict[str, Value]] = field(default_factory=dict)
    sends: set[str] = field(default_factory=set)
    acknowledged: int = 0

    def keep(self, checkin: str, ref: str, value: Value) -> None:
        """Note an answer that the server said it has."""
        self.keeps.setdefault(checkin, {})[ref] = value
        self.acknowledged += 1


class Patient(threading.Thread):
    """Goes through one check-in after the other until told to stop or none is open."""

    def __init__(
        self,
        visitor: Visitor,
        *,
        questions: Mapping[str, Sequence[Sequence[Any]]],
        chance: random.Random,
        stop: threading.Event,
    ) -> None:
        super().__init__(daemon=True)
        self.visitor, self.ledger = visitor, Ledger()
        self.problem: Exception | None = None
        self._questions, self._chance, self._stop_asked = questions, chance, stop

    def run(self) -> None:
        """Answer and send; a refusal that should not be ends it and is kept to be told."""
        try:
            while not self._stop_asked.is_set() and self._go_on():
                pass
        except Exception as problem:
            self.problem = problem

    def _go_on(self) -> bool:
        """Go on with the check-in that waits; False when none does."""
        found = STEP.search(self.visitor.get("/me/check-in/").body)
        while found and not self._stop_asked.is_set():
            checkin, place = found.groups()
            if place == "review":
                self._send(checkin)
                return True
            found = self._answer(checkin, int(place))
        return found is not None

    def _answer(self, checkin: str, number: int) -> re.Match[str]:
        address = f"/me/check-in/{checkin}/{number}/"
        asked = self._questions[checkin][number - 1]
        if self._chance.random() < CHANGED:
            first = self._value(asked)
            kept = self.visitor.post(f"{address}keep/", {"answer": str(first)})
            self._expect(kept.status == 200, f"{address}keep/ got {kept.status}")
            self.ledger.keep(checkin, asked[0], first)
        skips = self._chance.random() < SKIPPED
        value = None if skips else self._value(asked)
        form = {"do": "skip"} if value is None else {"do": "continue", "answer": str(value)}
        answer = self.visitor.post(address, form)
        found = STEP.search(answer.location)
        if answer.status != 302 or found is None or found[1] != checkin:
            raise RuntimeError(f"{address} got {answer.status} {answer.location}")
        self.ledger.keep(checkin, asked[0], value)
        return found

    def _send(self, checkin: str) -> None:
        self.visitor.get(f"/me/check-in/{checkin}/review/")
        answer = self.visitor.post(f"/me/check-in/{checkin}/send/", {})
        thanks = answer.location.endswith(f"/me/check-in/{checkin}/sent/")
        self._expect(answer.status == 302 and thanks, f"send got {answer.status}")
        self.ledger.sends.add(checkin)

    def _value(self, asked: Sequence[Any]) -> int | str:
        _, kind, low, high = asked
        if kind == "text":
            return f"{self._chance.choice(WORDS)} {self._chance.random():.6f}"
        return self._chance.randint(low, high)

    @staticmethod
    def _expect(holds: bool, otherwise: str) -> None:
        if not holds:
            raise RuntimeError(otherwise)
