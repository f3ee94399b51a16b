"""The notes of the demo: nearly every session of the last weeks has one, as in real life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from securebase.clinic.notes.actions import Said, keep_note, sign_note
from securebase.clinic.notes.models import Note, NoteDraft
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.stories.begin_note import begin_note
from securebase.stories.demo.cast import told
from securebase.stories.demo.play import Person

AN_HOUR = timedelta(hours=1)
LATELY = timedelta(weeks=4, days=1)
"""Sessions before this have no note in the demo; the desk does not ask for them."""
SHAPE = "seen-thought-next"
BEHIND, LAST = 6, 5
"""Of so many people, the one at this place waits for the note of the last session."""

Texts = Mapping[str, str]


def write_notes(person: Person, notes: Sequence[Texts], *, by: User, at: datetime) -> None:
    """Sign a note for each of the last sessions that were held, an hour after it."""
    for session, texts in zip(held(person, at)[-len(notes) :], notes, strict=False):
        _sign(session, texts, by=by)


def write_the_rest(people: Sequence[Person], *, by: User, at: datetime) -> None:
    """Sign a note for every session of the last weeks that has none, but for a few.

    What is left is the last session of every sixth person; the first of these notes is
    begun and not signed.
    """
    others = cycle(told()["notes_of_others"])
    begun = False
    for place, person in enumerate(people):
        lately = [one for one in held(person, at) if one.starts_at > at - LATELY]
        open_ones = _without_a_note(lately)
        left = open_ones[-1:] if place % BEHIND == LAST and open_ones == lately else []
        for session in open_ones:
            if session not in left:
                _sign(session, next(others), by=by)
        if left and not begun:
            _begin(left[0], {"seen": next(others)["seen"]}, by=by)
            begun = True


def held(person: Person, at: datetime) -> list[TherapySession]:
    """Return the sessions that were held with somebody, the oldest first."""
    over = TherapySession.objects.filter(
        patient=person.patient,
        state=TherapySession.State.HELD,
        starts_at__lt=at - 2 * AN_HOUR,
    )
    return list(over.order_by("starts_at"))


def _without_a_note(sessions: Sequence[TherapySession]) -> list[TherapySession]:
    noted = set(Note.objects.filter(session__in=sessions).values_list("session", flat=True))
    return [one for one in sessions if one.pk not in noted]


def _begin(session: TherapySession, texts: Texts, *, by: User) -> NoteDraft:
    then = session.starts_at + AN_HOUR
    draft = begin_note(patient=session.patient, by=by, at=then, shape=SHAPE, session=session)
    return keep_note(draft=draft, said=Said(draft.version, texts), by=by, at=then)


def _sign(session: TherapySession, texts: Texts, *, by: User) -> None:
    draft = _begin(session, texts, by=by)
    sign_note(draft=draft, version=draft.version, by=by, at=draft.kept_at + AN_HOUR / 6)
