"""Everything known of one person at one moment, as the rules ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from securebase.science.signals.after_session import Distress
from securebase.science.signals.combine import Past
from securebase.science.signals.dissociation import Dissociation
from securebase.science.signals.helping import Needs, Tried
from securebase.science.signals.mending import Mending
from securebase.science.signals.open_strain import Strain
from securebase.science.signals.quality import Form
from securebase.science.signals.safety import SafetyAnswer
from securebase.science.signals.silence import Attendance
from securebase.science.signals.views import Sides
from securebase.science.words import Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of one person at one moment; leave out what was not asked.

    ``trajectories`` are those that the check-in in hand has extended, ``safety`` its
    answers to safety questions, ``session`` the therapy sessions so far (weeks, where
    sessions are not recorded), ``strain`` the one that has been open longest, ``past`` the
    signals raised earlier. Only what is new is given: a rule asks about all it gets.
    """

    at: datetime
    session: float
    trajectories: tuple[Trajectory, ...] = ()
    safety: tuple[SafetyAnswer, ...] = ()
    sides: Sides = field(default_factory=Sides)
    """What the patient said and the clinician noticed of one session."""
    attendance: Attendance | None = None
    strain: Strain | None = None
    mending: Mending | None = None
    processed: datetime | None = None
    """When the first processing session was held, if one was."""
    ended: Distress | None = None
    """Distress at the end of the session that is closed now; or, with ``day_after``, of
    the one held last."""
    day_after: Distress | None = None
    dissociation: Dissociation | None = None
    forms: tuple[Form, ...] = ()
    tried: tuple[Tried, ...] = ()
    needs: Needs | None = None
    past: tuple[Past, ...] = ()
