"""Who can see what of one person now, and who could be asked to join the care team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from securebase.clinic.care.models import Care, Patient, Supervision
from securebase.clinic.care.policies import check_can_see_record
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.queries import consents_in_force, proposals_visible_to
from securebase.people.accounts.models import User


@dataclass(frozen=True, slots=True)
class OnTheTeam:
    """A partner on the care team with the consents that hold now; maybe none."""

    proposal: Proposal
    account: User
    consents: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WhoSees:
    """Everybody to whom something of one person is open now."""

    patient: Patient
    clinicians: tuple[Care, ...]
    supervisors: tuple[User, ...]
    """Who goes over the work with the clinician of record, by initials."""
    partners: tuple[OnTheTeam, ...]
    waiting: tuple[Proposal, ...]
    """Proposed, and not invited yet."""

    @property
    def sharing(self) -> tuple[OnTheTeam, ...]:
        """Partners who can see something now."""
        return tuple(one for one in self.partners if one.consents)

    @property
    def seeing_nothing(self) -> tuple[OnTheTeam, ...]:
        """Partners on the care team who see nothing now."""
        return tuple(one for one in self.partners if not one.consents)


def who_sees(*, patient: Patient, user: User, at: datetime) -> WhoSees:
    """Gather who can see what, for the person themselves or for who treats them."""
    check_can_see_record(user, patient, at=at)
    proposals = list(
        proposals_visible_to(user, at=at).filter(patient=patient).select_related("account")
    )
    consents = list(consents_in_force(at=at, patient=patient).order_by("until"))
    bonds = patient.bonds.filter(open_bonds(at)).select_related("clinician")
    of_record = bonds.filter(part=Care.Part.OF_RECORD).values("clinician")
    contracts = Supervision.objects.filter(open_bonds(at), supervisee__in=of_record)
    return WhoSees(
        patient=patient,
        clinicians=tuple(bonds.order_by("since")),
        supervisors=tuple(one.supervisor for one in contracts.select_related("supervisor")),
        partners=tuple(
            OnTheTeam(
                proposal=one,
                account=one.account,
                consents=tuple(c for c in consents if c.recipient_id == one.account_id),
            )
            for one in proposals
            if one.account is not None
        ),
        waiting=tuple(one for one in proposals if one.account is None),
    )
