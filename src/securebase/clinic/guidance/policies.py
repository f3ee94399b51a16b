"""Who may decide on a suggestion."""

from __future__ import annotations

from datetime import datetime

from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.guidance.models import Suggestion
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_decide(user: User, suggestion: Suggestion, *, at: datetime) -> None:
    """Raise unless this clinician treats the person for whom the suggestion was made."""
    check_can_treat(user, suggestion.patient, at=at)


def can_decide(user: User, suggestion: Suggestion, *, at: datetime) -> bool:
    """Whether this clinician treats the person for whom the suggestion was made."""
    return granted(check_can_decide, user, suggestion, at=at)
