"""Who may decide on a suggestion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from securebase.clinic.care.opening import check_may
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.guidance.queries import OFFER
from securebase.people.access.words import Action
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_decide(user: User, suggestion: Suggestion, *, at: datetime) -> None:
    """Raise unless this clinician treats the person for whom the suggestion was made."""
    check_may(user, Action.WRITE, replace(OFFER, about=suggestion.patient_id), at=at)


def can_decide(user: User, suggestion: Suggestion, *, at: datetime) -> bool:
    """Whether this clinician treats the person for whom the suggestion was made."""
    return granted(check_can_decide, user, suggestion, at=at)
