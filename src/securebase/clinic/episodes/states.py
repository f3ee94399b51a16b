"""What may become of a signal. Pure: no database."""

from __future__ import annotations

from securebase.clinic.episodes.models import Signal, SignalAct

WAITING = frozenset({Signal.State.OPEN, Signal.State.SEEN, Signal.State.LATER})

STEPS: dict[SignalAct.Act, tuple[frozenset[Signal.State], Signal.State]] = {
    SignalAct.Act.SEEN: (WAITING, Signal.State.SEEN),
    SignalAct.Act.LATER: (WAITING, Signal.State.LATER),
    SignalAct.Act.DISAGREED: (WAITING, Signal.State.SEEN),
    SignalAct.Act.CLOSED: (WAITING, Signal.State.CLOSED),
    SignalAct.Act.REOPENED: (frozenset({Signal.State.CLOSED}), Signal.State.OPEN),
}
"""Each act with the states it may be done in and the state it leads to."""


def leads_to(state: str, act: str) -> Signal.State | None:
    """Return the state an act leads to; None if it cannot be done in this state."""
    sources, target = STEPS[SignalAct.Act(act)]
    return target if Signal.State(state) in sources else None
