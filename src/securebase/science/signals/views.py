"""What the session itself tells: strain from several sides, and two views of one session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.signals.rupture import Tension
from securebase.science.words import Because, Kind, Signal

FLAGS = frozenset({"RUP.R1", "RUP.R2"})
"""Rules by which the patient's own answers speak of strain."""
OWN_SENSE = "your own sense of tension"
WHY_MISSED = "why a session was missed"


@dataclass(frozen=True, slots=True)
class Noticed:
    """How much tension the clinician noticed in a session; 0 is none, 4 a lot."""

    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Sides:
    """What else is known of the session that the answers are about."""

    tension: Tension | None = None
    noticed: Noticed | None = None
    missed: datetime | None = None
    """When a session was missed, if one was since the last one held."""


def strong_strain(flagged: Sequence[Signal], sides: Sides, rules: Rules) -> Signal | None:
    """R4: return a signal if strain is plain, or several sides point to it.

    ``flagged`` holds what the patient's own answers raised, of ``FLAGS``.
    """
    limits = rules["RUP.R4"].thresholds
    flags = [signal for signal in flagged if signal.rule in FLAGS]
    reasons = [*_plain(sides, limits["strong_share"])]
    if flags:
        reasons += _beside(sides, limits["noticed_low"])
    if not reasons:
        return None
    because = [b for signal in flags for b in signal.because]
    return raised(
        "RUP.R4",
        rules,
        Finding(
            measure=flags[0].measure if flags else reasons[0][0],
            at=max(b.at for _, _, b in reasons if b.at is not None),
            statistic=float(len(reasons)),
            threshold=limits["conditions"],
            unit="conditions",
            because=tuple(dict.fromkeys([*because, *(b for _, _, b in reasons)])),
            data={
                "count": float(len(reasons)),
                "reasons": _sentence(said for _, said, _ in reasons),
                **_limits_in_points(sides, rules),
            },
            parameters=flags[0].parameters_version if flags else "",
            known=tuple(
                one
                for one, known in ((OWN_SENSE, sides.noticed), (WHY_MISSED, not sides.missed))
                if known
            ),
        ),
    )


def views_apart(sides: Sides, rules: Rules) -> Signal | None:
    """Return a signal if clinician and patient saw the tension of one session apart."""
    said, noticed = sides.tension, sides.noticed
    threshold = rules["RUP.GAP"].thresholds["apart"]
    if said is None or noticed is None or abs(noticed.value - said.value) < threshold:
        return None
    return raised(
        "RUP.GAP",
        rules,
        Finding(
            measure=said.measure,
            at=max(said.at, noticed.at),
            statistic=abs(noticed.value - said.value),
            threshold=threshold,
            unit="points",
            because=(
                _noticed(noticed),
                Because("Tension or feeling misunderstood", said.value, said.at),
            ),
            data={
                "noticed": noticed.value,
                "now": said.value,
                "apart": abs(noticed.value - said.value),
            },
        ),
    )


def beside_your_own(signal: Signal, sides: Sides) -> Signal:
    """Return a signal of strain with what the clinician noticed, if that is known."""
    if signal.kind is not Kind.RUPTURE or sides.noticed is None:
        return signal
    return replace(
        signal,
        because=(*signal.because, _noticed(sides.noticed)),
        not_assessed=tuple(one for one in signal.not_assessed if one != OWN_SENSE),
    )


def _noticed(noticed: Noticed) -> Because:
    return Because("Tension, as you noticed it", noticed.value, noticed.at)


def _plain(sides: Sides, share: float) -> Iterator[tuple[str, str, Because]]:
    said = sides.tension
    if said is not None and said.value >= share * said.most:
        reason = Because("Tension or feeling misunderstood", said.value, said.at)
        yield said.measure, f"marked {said.value:g} of {said.most:g} on tension", reason


def _beside(sides: Sides, noticed_low: float) -> Iterator[tuple[str, str, Because]]:
    if sides.missed is not None:
        told = "a low or tense answer, and a session was missed"
        yield "sessions", told, Because("Session", "missed", sides.missed)
    if sides.noticed is not None and sides.noticed.value <= noticed_low:
        told = "a low or tense answer where you had noticed little"
        yield "noticed", told, _noticed(sides.noticed)


def _limits_in_points(sides: Sides, rules: Rules) -> dict[str, float | str | None]:
    most = sides.tension.most if sides.tension else 4.0
    return {
        "strong": rules["RUP.R4"].thresholds["strong_share"] * most,
        "middle": rules["RUP.R2"].thresholds["share"] * most,
    }


def _sentence(parts: Iterator[str]) -> str:
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]
