"""Offering ways of working for signals, and keeping what the clinician decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from securebase.clinic.episodes.following import in_science_words
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.guidance.policies import check_can_decide
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.guidance import suggest
from securebase.science.strategies import strategy
from securebase.science.support_tree import known_nodes

FOR_GOOD = (Decision.Reason.NOT_FIT, Decision.Reason.DOING, Decision.Reason.OTHER)
"""Reasons for a no after which the same card is not offered again."""


@transaction.atomic
def suggest_for(
    *, signals: Sequence[Signal], measured: Collection[str], at: datetime
) -> list[Suggestion]:
    """Offer a few ways of working for signals of one person, raised together.

    ``measured`` names the instruments and records there are data for. Worked out, not
    decided, so the trail has no row beside that of the signal.
    """
    if not signals:
        return []
    told = [in_science_words(signal) for signal in signals]
    kept = {(one.rule, one.measure): signal for one, signal in zip(told, signals, strict=True)}
    offers = suggest(
        told,
        measured=known_nodes(measured),
        phase=signals[0].episode.phase,
        declined=_on_the_page_or_declined(signals[0].patient_id),
    )
    suggestions = [
        Suggestion(
            signal=kept[offer.signal.rule, offer.signal.measure],
            patient_id=signals[0].patient_id,
            strategy=offer.strategy,
            strategy_version=strategy(offer.strategy).version,
            rank=offer.rank,
            because=offer.because,
            not_measured=list(offer.not_measured),
            alternatives=list(offer.alternatives),
            offered_at=at,
        )
        for offer in offers
        if offer.signal is not None
    ]
    Suggestion.objects.bulk_create(suggestions)
    return suggestions


@transaction.atomic
def decide(
    *,
    suggestion: Suggestion,
    choice: str,
    by: User,
    at: datetime,
    reason_code: str = "",
    reason: str = "",
    return_at: datetime | None = None,
) -> Decision:
    """Keep a decision on a suggestion for good; a later one is added, not put over it."""
    suggestion = Suggestion.objects.select_for_update(no_key=True).get(pk=suggestion.pk)
    check_can_decide(by, suggestion, at=at)
    if choice == Decision.Choice.LATER and (return_at is None or return_at <= at):
        raise ValidationError("Say when this comes back: a moment still to come.")
    decision = Decision(
        suggestion=suggestion,
        patient_id=suggestion.patient_id,
        choice=choice,
        reason_code=reason_code,
        reason=reason,
        return_at=return_at,
        by=by,
        at=at,
    )
    decision.full_clean(exclude=["reason"])
    decision.save(force_insert=True)
    trail.record(
        Verb.GUIDANCE_DECIDE, by=by, at=at, patient=suggestion.patient_id, about=decision
    )
    return decision


def _on_the_page_or_declined(patient: UUID) -> set[str]:
    """Return the cards not to offer again: still waiting, or declined for this person.

    A card waits while its signal is not closed. "Not the right time" or a doubt about
    the signal is no word against the card, so it may come again.
    """
    told = Suggestion.objects.filter(patient=patient)
    waiting = Q(decisions__isnull=True) & ~Q(signal__state=Signal.State.CLOSED)
    declined = Q(decisions__reason_code__in=FOR_GOOD)
    return set(told.filter(waiting | declined).values_list("strategy", flat=True))
