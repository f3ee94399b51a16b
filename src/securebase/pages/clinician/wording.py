"""What was noticed and what may help, as the components show them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from securebase.clinic.episodes.following import in_science_words
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Decision
from securebase.pages.shared.charts import sparkline
from securebase.pages.shared.shapes import SignalRow, SuggestionCard
from securebase.science import words
from securebase.science.patterns import may_suit
from securebase.science.plane import Region
from securebase.science.signals.explain import in_words
from securebase.science.trajectory.prior import load_priors
from securebase.stories.open_record import Offer
from securebase.stories.open_today import LookFirst
from securebase.stories.write_over import NOTHING

STATES = {"now": "now", "look": "look", "info": "settled"}
READ_TODAY = "Read within: today"


def says(signal: Signal) -> str:
    """Return the one line a clinician reads."""
    return in_words(in_science_words(signal))


def day(at: datetime) -> str:
    """Return a day as it is said: "Sunday 22 November"."""
    return date_format(timezone.localtime(at), "l j F")


def clock(at: datetime) -> str:
    """Return a time of day: "14:00"."""
    return date_format(timezone.localtime(at), "H:i")


def figure(value: float) -> str:
    """Return a number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def name_of(measure: str) -> str:
    """Return the plain name of a measure."""
    priors = load_priors()
    return priors[measure].name if measure in priors else measure


def today_row(look: LookFirst) -> SignalRow:
    """Return one person of "Look first" as a row."""
    signal = look.signal
    later = "" if signal.tier == "now" else reverse("desk_signal_later", args=[signal.pk])
    return SignalRow(
        state=STATES[signal.tier],
        who=look.patient.initials,
        says=says(signal),
        open_url=reverse("desk_person", args=[look.patient.pk]),
        why_url=reverse("desk_signal", args=[signal.pk]),
        later_url=later,
        tries=look.attempt,
        when=" · ".join(_when(look)),
        spark=_spark(look.course),
    )


def _when(look: LookFirst) -> list[str]:
    said = [READ_TODAY] if look.signal.tier == "now" else []
    if look.session is not None:
        said.append(f"session today at {clock(look.session.starts_at)}")
    if look.others:
        more = "1 more reason" if look.others == 1 else f"{look.others} more reasons"
        said.append(f"{more} to look")
    return [said[0].capitalize(), *said[1:]] if said else []


def _spark(course: words.Trajectory | None) -> str:
    values = [v for v in course.values if v is not None] if course else []
    if course is None or not values:
        return ""
    label = (
        f"{name_of(course.measure)}, last {len(values)} scores: "
        f"from {figure(values[0])} to {figure(values[-1])}"
    )
    return sparkline(course, label=label)


def offer_card(offer: Offer, *, region: Region | None = None) -> SuggestionCard:
    """Return a suggestion as a card, with the way to decide on it.

    ``region`` is where the last attachment scores lay, if the clinician wishes to be told
    of patterns.
    """
    strategy, made = offer.card, offer.suggestion
    return SuggestionCard(
        title=strategy.title,
        summary=strategy.summary,
        because=made.because,
        evidence=strategy.evidence,
        evidence_text=strategy.evidence_text,
        minutes=strategy.minutes,
        decide_url=reverse("desk_suggestion", args=[made.pk]),
        reasons=Decision.Reason.choices,
        steps=strategy.steps,
        words=strategy.words,
        caution=strategy.caution,
        not_measured=made.not_measured,
        sources=[source_line(source) for source in strategy.sources],
        reviewed_on=strategy.reviewed_on,
        decided=decided(offer.decision),
        seen=str(offer.decision.pk) if offer.decision else NOTHING,
        fits=may_suit(strategy, region),
    )


def source_line(source: words.Source) -> str:
    """Return a source with whether anybody has checked it."""
    return source.text if source.verified else f"{source.text} Not checked by us."


def decided(decision: Decision | None) -> str:
    """Say what was decided; empty while it is open, or once a "later" has come back."""
    if decision is None:
        return ""
    said = f"{decision.get_choice_display().capitalize()} on {day(decision.at)}"
    if decision.return_at is not None:
        return (
            ""
            if decision.return_at <= timezone.now()
            else (f"{said}; comes back on {day(decision.return_at)}")
        )
    if decision.reason_code:
        said = f"{said}: {decision.get_reason_code_display()}"
    return f"{said}. {decision.reason}" if decision.reason else said
