"""Two minutes before a session: what changed, what was asked for, and what is still open.

Everything on it is from data, and the number of queries does not grow with the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from securebase.clinic.notes.models import Note, NoteDraft, Promise
from securebase.clinic.notes.queries import (
    drafts_visible_to,
    notes_visible_to,
    open_promises,
    promises_visible_to,
)
from securebase.clinic.said.models import Brought
from securebase.clinic.said.queries import brought_visible_to
from securebase.clinic.therapy.hour import AgendaItem, SkillTaught
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.working import agenda_visible_to, skills_visible_to
from securebase.people.accounts.models import User
from securebase.stories.open_record import Record, open_record


@dataclass(frozen=True, slots=True)
class Brief:
    """What to know before meeting somebody, and what the hour holds so far."""

    session: TherapySession
    record: Record
    brought: tuple[Brought, ...]
    """What the patient brings and has not been talked about; the oldest first."""
    agenda: tuple[AgendaItem, ...]
    """What the clinicians bring."""
    promises: tuple[Promise, ...]
    skills: tuple[SkillTaught, ...]
    """Skills noted in this session and in the last one, in order."""
    last_note: Note | None
    """The newest note that is signed."""
    note: Note | None
    """The signed note of this session, if there is one."""
    drafts: tuple[NoteDraft, ...]
    """Notes of this session that are being written, one's own first."""

    @property
    def last(self) -> TherapySession | None:
        """The last session held before this one."""
        before = [s for s in self.record.held if s.starts_at < self.session.starts_at]
        return before[-1] if before else None

    @property
    def taught_now(self) -> tuple[SkillTaught, ...]:
        """Skills noted in this session."""
        return tuple(one for one in self.skills if one.session_id == self.session.pk)

    @property
    def taught_last(self) -> tuple[SkillTaught, ...]:
        """Skills noted in the last session."""
        last = self.last.pk if self.last else None
        return tuple(one for one in self.skills if one.session_id == last)


def brief_before(*, session: TherapySession, user: User, at: datetime) -> Brief:
    """Gather what one clinician needs before and in a session."""
    patient = session.patient
    record = open_record(user=user, patient=patient, at=at)
    drafts = drafts_visible_to(user, at=at).filter(session=session)
    notes = list(notes_visible_to(user, at=at).filter(patient=patient)[:1])
    return Brief(
        session=session,
        record=record,
        brought=tuple(
            brought_visible_to(user, at=at)
            .filter(patient=patient, done_at=None)
            .order_by("brought_at", "pk")
        ),
        agenda=tuple(agenda_visible_to(user, at=at).filter(patient=patient, done_at=None)),
        promises=tuple(open_promises(promises_visible_to(user, at=at)).filter(patient=patient)),
        skills=tuple(skills_visible_to(user, at=at).filter(patient=patient)),
        last_note=notes[0] if notes else None,
        note=notes_visible_to(user, at=at).filter(session=session).first(),
        drafts=tuple(sorted(drafts, key=lambda one: one.author_id != user.pk)),
    )
