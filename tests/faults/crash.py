"""Kill the server again and again while patients answer: ``python -m tests.faults.crash``.

Four patients answer and send check-ins through the pages of a real server. Every 0.3 to
1.2 s the server is killed with everything it started and started again; whoever got no
answer sends the same request again. In the end whatever was acknowledged has to be on
the disk, once and unchanged. A killed process is not a power cut: what the disk itself
forgets is not tested here.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.faults.cluster import Cluster
from tests.faults.patient import Ledger, Patient, Value
from tests.faults.scratch import HOST, Scratch, scratch
from tests.faults.visitor import Visitor

PATIENTS = 4
BETWEEN = (0.3, 1.2)
"""Seconds a server lives after it came up."""
CHECKINS_PER_KILL = 3
"""Open check-ins of each patient, so that none runs out of them."""
ANSWERS_PER_CHECKIN = 3
"""Fewer than are given on average, for the same reason."""
OF_THE_DATABASE = {
    "postmaster": Cluster.kill,
    "database, stopped at once": Cluster.stop_at_once,
}
VICTIMS = ("server", "worker", *OF_THE_DATABASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done and what became of it."""

    kills: int
    keeps: int
    sends: int
    repeated: int
    broken: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unsound: tuple[str, ...]
    victim: str = "server"

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must not be; while its database is gone a server may say so."""
        may_break = self.victim in OF_THE_DATABASE or not self.broken
        broken = () if may_break else (f"{self.broken} answers of 500 and above",)
        return (*self.lost, *self.doubled, *self.unsound, *broken)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills of the {self.victim}, {self.keeps} acknowledged answers, "
            f"{self.sends} acknowledged sends, {self.repeated} requests repeated: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{self.broken} answers of 500 and above, {len(self.unsound)} faults of the store"
        )


def crash(
    practice: Scratch, *, kills: int, seed: int, victim: str = "server", acks: int = 0
) -> Figures:
    """Run it on a practice that nobody has set up yet.

    With ``acks`` a server lives at least until its share of so many answers and sends was
    acknowledged, so that the kills are spread over all of them.
    """
    most = max(kills * CHECKINS_PER_KILL + 4, acks // ANSWERS_PER_CHECKIN // PATIENTS)
    seeded = practice.seed(patients=PATIENTS, checkins=most)
    practice.start()
    stop, chance = threading.Event(), random.Random(seed)  # noqa: S311
    patients = [_patient(practice, seeded, number, chance, stop) for number in range(PATIENTS)]
    for patient in patients:
        patient.start()
    done = 0
    while done < kills and any(one.is_alive() for one in patients):
        stop.wait(chance.uniform(*BETWEEN))
        if _acknowledged(patients) * kills >= acks * (done + 1):
            _end(practice, victim)
            done += 1
    stop.set()
    for patient in patients:
        patient.join()
    practice.kill()
    said = [f"patient {n}: {p.problem}" for n, p in enumerate(patients) if p.problem]
    return replace(judge(practice.read(), patients, kills=done, said=said), victim=victim)


def _acknowledged(patients: Sequence[Patient]) -> int:
    return sum(one.ledger.acknowledged + len(one.ledger.sends) for one in patients)


def _end(practice: Scratch, victim: str) -> None:
    """Kill what is to be killed, and see that it comes up again."""
    if victim == "worker":
        practice.kill_worker()
    elif victim in OF_THE_DATABASE and practice.database is not None:
        OF_THE_DATABASE[victim](practice.database)
    else:
        practice.kill()
        practice.start()


def judge(
    held: dict[str, Any], patients: Sequence[Patient], *, kills: int, said: Sequence[str]
) -> Figures:
    """Compare what was acknowledged with what the disk holds."""
    ledgers = [patient.ledger for patient in patients]
    return Figures(
        kills=kills,
        keeps=sum(ledger.acknowledged for ledger in ledgers),
        sends=sum(len(ledger.sends) for ledger in ledgers),
        repeated=sum(patient.visitor.repeated for patient in patients),
        broken=sum(patient.visitor.broken for patient in patients),
        lost=tuple(problem for one in ledgers for problem in lost(one, held)),
        doubled=tuple(doubled(held)),
        unsound=(*said, *held["breaks"], *held["damage"]),
    )


def lost(ledger: Ledger, held: dict[str, Any]) -> Iterator[str]:
    """Yield every acknowledged send and answer that is not held as it was given."""
    answers = {pk: _given(draft) for pk, draft in held["drafts"].items()}
    for response in held["responses"]:
        answers.setdefault(response["checkin"], {}).update(_given(response))
    for checkin in ledger.sends - set(held["sent"]):
        yield f"check-in {checkin} was acknowledged as sent and is not"
    for checkin in set(ledger.keeps) & set(held["sent"]) - ledger.sends:
        yield f"check-in {checkin} was sent, and nobody was told"
    for checkin, given in ledger.keeps.items():
        for ref, value in given.items():
            if answers.get(checkin, {}).get(ref) != value:
                found = answers.get(checkin, {}).get(ref)
                yield f"{ref} of check-in {checkin}: {value!r} was kept, {found!r} is there"


def doubled(held: dict[str, Any]) -> Iterator[str]:
    """Yield whatever is there twice, or is there without belonging to a sent check-in."""
    found = Counter((one["checkin"], one["instrument"]) for one in held["responses"])
    due = Counter((pk, slug) for pk, slugs in held["sent"].items() for slug in slugs)
    for (checkin, slug), number in ((found - due) + (due - found)).items():
        yield f"{slug} of check-in {checkin}: {number} responses too many or too few"
    for checkin in held["sent"]:
        if held["noted"].get(checkin) != 1:
            yield f"check-in {checkin} is in the trail {held['noted'].get(checkin, 0)} times"
        if checkin in held["drafts"]:
            yield f"check-in {checkin} was sent and still has a draft"


def _given(kept: dict[str, Any]) -> dict[str, Value]:
    """Return answers and words by ref, of a draft or of a response."""
    prefix = f"{kept['instrument']}." if "instrument" in kept else ""
    return {f"{prefix}{item}": v for item, v in {**kept["answers"], **kept["texts"]}.items()}


def _patient(
    practice: Scratch,
    seeded: dict[str, Any],
    number: int,
    chance: random.Random,
    stop: threading.Event,
) -> Patient:
    visitor = Visitor(HOST, practice.port)
    visitor.sign_in(seeded["emails"][number], seeded["password"])
    own = random.Random(chance.random())  # noqa: S311
    return Patient(visitor, questions=seeded["questions"], chance=own, stop=stop)


def main() -> int:
    """Run the long form, say its figures, and fail if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--acks", type=int, default=0, help="go on until so many were given")
    parser.add_argument("--victim", choices=VICTIMS, default="server")
    args = parser.parse_args()
    with scratch() as practice:
        figures = crash(
            practice, kills=args.kills, seed=args.seed, victim=args.victim, acks=args.acks
        )
        store = "PostgreSQL" if practice.on_postgres else "SQLite"
        lines = [f"{store}: {figures}.", *figures.problems]
        if figures.problems:
            lines.append(practice.log()[-4000:])
        sys.stdout.write("\n  ".join(lines) + "\n")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
