"""Where a patient is in a check-in: what was answered, what comes next, what came before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from securebase.clinic.checkins.questions import Question, Value


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the review page, with its answer in words."""

    number: int
    question: Question
    words: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one check-in and what has been kept; questions count from one.

    ``given`` holds an entry for each question that was seen to: None was skipped, no
    entry was not reached yet.
    """

    questions: Sequence[Question]
    given: Mapping[str, Value]
    place: int = 1
    kept_at: datetime | None = None
    """When anything was kept last; None while there is nothing."""
    more: int = 0
    """About how many questions may follow that depend on answers still to come."""

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def about(self) -> int:
        """How many questions there are, about, if some depend on the answers."""
        return len(self) + self.more

    def question(self, number: int) -> Question | None:
        """Return one question; None if there is no such number."""
        return self.questions[number - 1] if 1 <= number <= len(self) else None

    def begins(self, number: int) -> bool:
        """Whether a question is the first one of its instrument."""
        before, here = self.question(number - 1), self.questions[number - 1]
        return before is None or before.entry != here.entry

    def is_asked(self, question: Question) -> bool:
        """Whether a question still makes sense after the answer to an earlier one."""
        if question.asked_if is None:
            return True
        earlier = {q.ref: q for q in self.questions}[question.asked_if]
        return self.given.get(earlier.ref) != earlier.values[0]

    def after(self, number: int) -> int | None:
        """Return the number of the next question; None when the last one is done."""
        return next((n for n in range(number + 1, len(self) + 1) if self._asks(n)), None)

    def before(self, number: int) -> int | None:
        """Return the number of the question before; None on the first one."""
        return next((n for n in range(number - 1, 0, -1) if self._asks(n)), None)

    @property
    def begun(self) -> bool:
        """Whether anything has been kept."""
        return bool(self.given)

    @property
    def answered(self) -> int:
        """How many questions hold an answer."""
        return sum(not self.is_empty(question) for question in self.questions)

    def is_empty(self, question: Question) -> bool:
        """Whether a question holds no answer: it was skipped, or not reached yet."""
        return all(self.given.get(ref) is None for ref in question.refs)

    def ticked(self, question: Question) -> list[str]:
        """Return the refs of the boxes of a question that are ticked."""
        return [ref for ref, _ in question.boxes if self.given.get(ref)]

    def lines(self) -> Iterator[Line]:
        """Yield every question that is asked, with its answer in words."""
        for number, question in enumerate(self.questions, start=1):
            if self.is_asked(question):
                words = self._in_words(question)
                yield Line(number, question, words, self.is_empty(question))

    def _in_words(self, question: Question) -> str:
        """Return an answer as the patient saw it; nothing for a skipped question."""
        if not question.boxes:
            return in_words(question, self.given.get(question.ref))
        ticked = self.ticked(question)
        return "\n".join(words for ref, words in question.boxes if ref in ticked)

    def _asks(self, number: int) -> bool:
        return self.is_asked(self.questions[number - 1])


def in_words(question: Question, value: Value) -> str:
    """Return an answer as the patient saw it; nothing for a skipped question."""
    if value is None:
        return ""
    labels = dict(question.answers) if question.kind == "choice" else {}
    return labels.get(value, str(value)) if isinstance(value, int) else value
