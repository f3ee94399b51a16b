"""Kill the server while people write: ``python -m tests.faults.torn --kills 30``.

A clinician's note keeps itself while it is written, a patient puts pictures into the kit,
and a device sends check-ins that were answered without a connection. Whoever got no answer
sends the same request again. In the end everything is there, once and as it was given.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.faults.crash import BETWEEN, doubled, lost
from tests.faults.forms import Forms
from tests.faults.patient import Ledger, Value
from tests.faults.scratch import HOST, LOOK_AGAIN, Scratch, scratch
from tests.faults.visitor import JSON, Visitor

ADD = "/me/kit/add/picture/"
PICTURES = 38
"""A kit holds forty things."""
WRITES_PER_KILL = 6
"""A server lives at least until so many things were taken since the last one died."""
CHECKINS_PER_KILL = 20
BOUNDARY = "a-line-between"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done, and what became of it."""

    kills: int
    kept: int
    pictures: int
    sent: int
    repeated: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.kept} times a note was kept, {self.pictures} pictures "
            f"taken in, {self.sent} check-ins sent by a device, {self.repeated} requests "
            f"repeated: {len(self.problems)} problems"
        )


class Writer(threading.Thread):
    """Writes one thing after the other until told to stop."""

    def __init__(self, visitor: Visitor, stop: threading.Event, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.visitor, self.chance, self.done = visitor, chance, 0
        self.problem: Exception | None = None
        self._stop_asked = stop

    def run(self) -> None:
        """Go on until told to stop; a refusal that should not be ends it and is kept."""
        try:
            while not self._stop_asked.is_set() and self.write():
                self.done += 1
        except Exception as problem:
            self.problem = problem

    def write(self) -> bool:
        """Write one thing; False when there is nothing more to write."""
        raise NotImplementedError

    def form(self, page: str, to: str) -> dict[str, str]:
        """Open a page, and return what one of its forms would send."""
        forms = Forms(page, self.visitor.get(page).body).found
        fields = next(one.fields for one in forms if one.action == to)
        return {name: values[0] for name, values in fields.items()}


class AtANote(Writer):
    """A clinician whose note keeps itself."""

    draft, said = "", ""
    fields: dict[str, str]

    def begin(self, draft: str) -> None:
        """Open the note."""
        self.draft, page = draft, f"/desk/drafts/{draft}/"
        self.fields = self.form(page, page)

    def write(self) -> bool:
        """Write some more, and let it be kept."""
        self.said = f"{self.done} {self.chance.random()}"
        part = next(name for name in self.fields if name.startswith("part-"))
        self.fields |= {name: "" for name in self.fields if name.startswith("part-")}
        self.fields[part] = self.said
        answer = self.visitor.post(f"/desk/drafts/{self.draft}/keep", self.fields)
        if answer.status != 200:
            raise RuntimeError(f"the note got {answer.status}: {answer.body[:200]}")
        self.fields["version"] = str(json.loads(answer.body)["version"])
        return True


class AtTheKit(Writer):
    """A patient who puts in one picture after the other."""

    def write(self) -> bool:
        """Put in one picture."""
        form = self.form(ADD, ADD) | {"title": f"Sea {self.done}"}
        given = picture(self.done)
        answer = self.visitor.post_as(
            f"multipart/form-data; boundary={BOUNDARY}", ADD, multipart(form, given)
        )
        if answer.status != 302:
            raise RuntimeError(f"the picture got {answer.status}: {answer.body[:200]}")
        return self.done + 1 < PICTURES


class OffLine(Writer):
    """A device that answered check-ins without a connection."""

    ledger: Ledger
    questions: dict[str, Any]
    waiting: Iterator[str]

    def begin(self, seeded: dict[str, Any], email: str) -> None:
        """Take the check-ins that are open to somebody."""
        self.ledger, self.questions = Ledger(), seeded["questions"]
        self.waiting = iter(seeded["open"][email])

    def write(self) -> bool:
        """Send the answers of one check-in."""
        checkin = next(self.waiting, None)
        if checkin is None:
            return False
        given: dict[str, Value] = {
            ref: self._value(*about) for ref, *about in self.questions[checkin]
        }
        sheet = {
            "key": str(uuid4()),
            "answered_at": datetime.now(UTC).isoformat(),
            "given": given,
        }
        path = f"/me/kit/copy/check-in/{checkin}/"
        answer = self.visitor.post_as(JSON, path, json.dumps(sheet).encode())
        if answer.status != 200:
            raise RuntimeError(f"{path} got {answer.status}: {answer.body[:200]}")
        self.ledger.keeps[checkin] = given
        self.ledger.sends.add(checkin)
        return True

    def _value(self, kind: str, low: int, high: int) -> int | str:
        return f"{self.chance.random()}" if kind == "text" else self.chance.randint(low, high)


def picture(number: int) -> bytes:
    """Return a small PNG unlike the others."""
    parts = ((b"IHDR", b"\0" * 13), (b"IDAT", b"%d" % number * 5000), (b"IEND", b""))
    told = (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def multipart(form: dict[str, str], file: bytes) -> bytes:
    """Return a form with a file as a browser sends it."""
    begin = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    words = "".join(
        f'{begin}"{name}"\r\n\r\n{value}\r\n' for name, value in form.items() if name != "file"
    )
    head = f'{words}{begin}"file"; filename="sea.png"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()


def tear(practice: Scratch, *, kills: int, seed: int) -> Figures:
    """Run it on a practice that nobody has set up yet."""
    seeded = practice.seed(patients=2, checkins=kills * CHECKINS_PER_KILL)
    desk = practice.sit_down()
    practice.start()
    stop, chance = threading.Event(), random.Random(seed)  # noqa: S311
    browsers = [Visitor(HOST, practice.port) for _ in range(3)]
    browsers[0].hold(desk["cookie"], desk["session"])
    for browser, email in zip(browsers[1:], seeded["emails"], strict=True):
        browser.sign_in(email, seeded["password"])
    note, kit = AtANote(browsers[0], stop, chance), AtTheKit(browsers[1], stop, chance)
    device = OffLine(browsers[2], stop, chance)
    note.begin(desk["draft"])
    device.begin(seeded, seeded["emails"][1])
    writers: list[Writer] = [note, kit, device]
    for writer in writers:
        writer.start()
    for number in range(kills):
        stop.wait(chance.uniform(*BETWEEN))
        while _still_to_come(writers, number) and any(one.is_alive() for one in writers):
            stop.wait(LOOK_AGAIN)
        practice.kill()
        practice.start()
    stop.set()
    for writer in writers:
        writer.join()
    practice.kill()
    held = practice.read()
    return Figures(
        kills=kills,
        kept=note.done,
        pictures=len(held["kit"]),
        sent=len(device.ledger.sends),
        repeated=sum(one.visitor.repeated for one in writers),
        problems=tuple(_problems(held, note, kit, device)),
    )


def _still_to_come(writers: list[Writer], kills: int) -> bool:
    return sum(one.done for one in writers) < (kills + 1) * WRITES_PER_KILL


def _problems(
    held: dict[str, Any], note: AtANote, kit: AtTheKit, device: OffLine
) -> Iterator[str]:
    for writer in (note, kit, device):
        if writer.problem:
            yield f"{type(writer).__name__}: {writer.problem}"
        if writer.visitor.broken:
            yield f"{type(writer).__name__}: {writer.visitor.broken} answers of 500 and above"
    found = held["notes"][note.draft]
    if note.said not in found:
        yield f"the note says {found} and not {note.said!r}"
    yield from _of_the_kit(held, kit)
    yield from lost(device.ledger, held)
    yield from doubled(held)
    yield from (*held["breaks"], *held["damage"])


def _of_the_kit(held: dict[str, Any], kit: AtTheKit) -> Iterator[str]:
    given = {f"Sea {number}": picture(number) for number in range(PICTURES)}
    times = Counter(title for _, title, _ in held["kit"])
    yield from (f"{title} is there {n} times" for title, n in times.items() if n != 1)
    for number in range(kit.done):
        if not times[f"Sea {number}"]:
            yield f"Sea {number} was taken in and is not there"
    for _, title, content in held["kit"]:
        if base64.b64decode(content) != given[title]:
            yield f"{title} is not the picture that was given"


def main() -> int:
    """Run the long form, say its figures, and fail if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    with scratch() as practice:
        figures = tear(practice, kills=args.kills, seed=args.seed)
        store = "PostgreSQL" if practice.on_postgres else "SQLite"
        lines = [f"{store}: {figures}.", *figures.problems]
        if figures.problems:
            lines.append(practice.log()[-4000:])
        sys.stdout.write("\n  ".join(lines) + "\n")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
