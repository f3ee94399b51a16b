"""A second person confirms, and the act is done in the same moment, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import Role, User
from securebase.people.approvals.actions import confirm
from securebase.people.approvals.models import Approval, Standing
from securebase.people.vault.models import Rotation
from securebase.stories.erase_subject.erase import erase_as_agreed
from securebase.stories.erase_subject.plan import Plan, plan_erasure
from securebase.stories.export_subject.for_somebody import allow_export
from securebase.stories.keep_keys.renew_keys import renew_as_agreed
from securebase.stories.keep_people import give_role, renew_factor

DONE_BY: dict[str, Callable[..., None]] = {
    Approval.Kind.GRANT_ROLE: give_role,
    Approval.Kind.RENEW_FACTOR: renew_factor,
    Approval.Kind.ERASE: erase_as_agreed,
    Approval.Kind.EXPORT: allow_export,
    Approval.Kind.RENEW_KEYS: renew_as_agreed,
}
"""Who does what was agreed; each takes the approval, by whom and when."""


@transaction.atomic
def confirm_act(*, approval: Approval, by: User, at: datetime) -> Approval:
    """Confirm an act and do it; if it cannot be done, it is not confirmed either."""
    approval = confirm(approval=approval, by=by, at=at)
    DONE_BY[approval.kind](approval, by=by, at=at)
    return approval


@dataclass(frozen=True, slots=True)
class About:
    """Whom an act is about, as far as whoever confirms it may see."""

    who: str
    what: str
    plan: Plan | None = None


def about_of(approval: Approval, *, at: datetime) -> About:
    """Return whom an act is about: somebody who works here by name, a patient by number."""
    if approval.kind == Approval.Kind.RENEW_KEYS:
        key = Rotation.Kind(approval.detail).label
        return About("this practice", f"{approval.get_kind_display()}: {key}")
    number = str(approval.about)[:8]
    if approval.kind == Approval.Kind.ERASE:
        patient = Patient.objects.filter(pk=approval.about).first()
        waits = approval.standing(at=at) is Standing.WAITING
        plan = plan_erasure(patient, at=at) if patient and waits else None
        return About(f"record {number}", approval.get_kind_display(), plan)
    if approval.kind == Approval.Kind.EXPORT:
        return About(f"record {number}", str(approval.get_kind_display()))
    account = User.objects.filter(pk=approval.about).first()
    is_patient = Patient.objects.filter(account=approval.about).exists()
    who = f"account {number}" if is_patient or not account else account.get_full_name()
    role = f": {Role(approval.detail).label}" if approval.detail else ""
    return About(who, f"{approval.get_kind_display()}{role}")
