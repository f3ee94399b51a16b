"""The invented people and their clinician, doing one moment after the other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import keep_answers, plan_rhythm
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import open_checkin
from securebase.clinic.checkins.questions import Value
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.clinic.episodes.actions import change_phase
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.therapy.actions import (
    Minute,
    close_session,
    note_rupture,
    plan_session,
    repair_rupture,
)
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.actions import accept_invitation
from securebase.people.accounts.models import User
from securebase.science.simulate.cohort import Occasion
from securebase.science.simulate.recipe import load_recipe
from securebase.stories.demo.cast import EVENING, Part, told
from securebase.stories.demo.desk import Desk
from securebase.stories.demo.score import Does, Moment
from securebase.stories.notice_silence import notice_silence
from securebase.stories.submit_checkin import submit_checkin
from securebase.stories.welcome_patient import welcome_patient

OPEN_HOURS = 72
PLANNED_SESSIONS = 24
SECONDS_EACH = 7
"""An invented person takes this long over one question."""
LOW = {"alliance": 0.5, "mood": 0.6}
"""From which inner level on the words are those of a strained or a heavy week."""
WORDS_IN = ("session-check-in", "matters")
CALM = (3, 2, 4, 2, 5, 3)
"""Distress at the end of sessions, by turns: always below what asks for a look."""
TENSE = 5
"""After every fifth session the clinician noticed a little tension."""
WRITES = 3
"""Every third answered check-in carries words."""


@dataclass(slots=True)
class Person:
    """A record with its account and what is open in it."""

    patient: Patient
    account: User
    sessions: dict[datetime, TherapySession] = field(default_factory=dict)
    rupture: Rupture | None = None
    written: int = 0


@dataclass(slots=True)
class Play:
    """The practice while it is lived."""

    clinician: User
    desk: Desk
    people: dict[int, Person] = field(default_factory=dict)

    def live(self, moment: Moment) -> None:
        """Let one moment happen."""
        if moment.part is None:
            self._for_everybody(moment)
        elif moment.does is Does.WELCOME:
            self._welcome(moment.part, at=moment.at)
        else:
            self._for_one(moment, self.people[moment.part.person.number], moment.part)

    def clock(self, at: datetime) -> None:
        """Turn the clock: open what is due, notice what was missed."""
        open_due(at=at)
        notice_silence(at=at)

    def _for_everybody(self, moment: Moment) -> None:
        if moment.does is Does.ASK:
            open_due(at=moment.at)
        elif moment.does is Does.NIGHT:
            notice_silence(at=moment.at)
        elif moment.does is Does.READ:
            self.desk.read(at=moment.at)
        elif moment.does is Does.DESK:
            self.desk.decide(at=moment.at)

    def _for_one(self, moment: Moment, person: Person, part: Part) -> None:
        at = moment.at
        if moment.does is Does.PLAN and moment.starts_at is not None:
            self._plan(person, moment.starts_at, at=at)
        elif moment.does in (Does.HOLD, Does.MISS) and moment.starts_at in person.sessions:
            state = "held" if moment.does is Does.HOLD else "missed"
            session = person.sessions.pop(moment.starts_at)
            minute = minute_of(part, person) if state == "held" else None
            close_session(session=session, state=state, by=self.clinician, at=at, minute=minute)
        elif moment.does is Does.ANSWER and moment.occasion is not None:
            self._answer(person, moment.occasion, at=at)
        elif moment.does is Does.PHASE:
            self._move_on(person, moment.phase, at=at)
        else:
            self._strain_or_repair(moment.does, person, part, at=at)

    def _welcome(self, part: Part, *, at: datetime) -> None:
        invented = part.person
        welcome = welcome_patient(
            name=invented.name,
            pronouns=invented.pronouns,
            email=f"{invented.first_name.lower()}.{invented.number}@demo.invalid",
            by=self.clinician,
            at=at,
            planned_sessions=PLANNED_SESSIONS,
        )
        token = welcome.link.rstrip("/").rpartition("/")[2]
        account = accept_invitation(
            token=token, password=secrets.token_urlsafe(24), at=at + timedelta(hours=2)
        )
        asked = [Asked(slug=ask.slug, every=ask.every) for ask in load_recipe().asking]
        terms = Terms(
            weekdays=[part.asked_on],
            at_time=EVENING,
            instruments=asked,
            starts_on=part.asked_day(0),
            open_hours=OPEN_HOURS,
        )
        plan_rhythm(patient=welcome.patient, terms=terms, by=self.clinician, at=at)
        self.people[invented.number] = Person(welcome.patient, account)

    def _plan(self, person: Person, starts_at: datetime, *, at: datetime) -> None:
        if starts_at in person.sessions:
            return
        person.sessions[starts_at] = plan_session(
            patient=person.patient,
            clinician=self.clinician,
            starts_at=starts_at,
            by=self.clinician,
            at=at,
        )

    def _answer(self, person: Person, occasion: Occasion, *, at: datetime) -> None:
        checkin = open_checkin(person.patient, at=at)
        if checkin is None:
            return
        moment = at
        for sheet in self._sheets(person, checkin, occasion):
            moment += timedelta(seconds=SECONDS_EACH * len(sheet))
            keep_answers(checkin=checkin, given=sheet, by=person.account, at=moment)
        sent = at + timedelta(minutes=3)
        receipt = submit_checkin(checkin=checkin, key=uuid4(), by=person.account, at=sent)
        self.desk.unread.append(receipt.checkin)

    def _sheets(
        self, person: Person, checkin: CheckIn, occasion: Occasion
    ) -> Iterator[dict[str, Value]]:
        """Yield what is kept at one go: the answers to one instrument after the other."""
        person.written += 1
        for slug in checkin.instruments:
            sheet: dict[str, Value] = {
                f"{slug}.{item}": value
                for item, value in occasion.answers.get(slug, {}).items()
            }
            if slug == WORDS_IN[0] and person.written % WRITES == 0:
                sheet[".".join(WORDS_IN)] = words_for(occasion.truth, person.written)
            if sheet:
                yield sheet

    def _move_on(self, person: Person, phase: str, *, at: datetime) -> None:
        episode = open_episode_of(person.patient)
        if episode is not None:
            change_phase(episode=episode, phase=phase, by=self.clinician, at=at)

    def _strain_or_repair(
        self, does: Does, person: Person, part: Part, *, at: datetime
    ) -> None:
        if does is Does.STRAIN and person.rupture is None:
            kind = ("withdrawal", "confrontation")[part.person.number % 2]
            person.rupture = note_rupture(
                patient=person.patient,
                kind=kind,
                note=told()["ruptures"][kind],
                by=self.clinician,
                at=at,
            )
        elif does is Does.REPAIR and person.rupture is not None:
            repair_rupture(
                rupture=person.rupture,
                because="Talked through in the session.",
                by=self.clinician,
                at=at,
            )
            person.rupture = None


def minute_of(part: Part, person: Person) -> Minute:
    """Return what the clinician says in the minute after a session that was held."""
    turn = part.person.number + person.written
    return Minute(tension=int(turn % TENSE == 0), distress=CALM[turn % len(CALM)])


def words_for(truth: Mapping[str, float], turn: int) -> str:
    """Return what an invented person writes in a week that was truly like this."""
    kind = "well"
    if truth["alliance"] < LOW["alliance"]:
        kind = "strained"
    elif truth["low_mood"] > LOW["mood"]:
        kind = "heavy"
    said: list[str] = told()["matters"][kind]
    return said[turn % len(said)]
