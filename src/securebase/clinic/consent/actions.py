"""Writing the ledger: sharing, sharing less, stopping; and who is on the care team."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.policies import (
    check_can_invite_partner,
    check_can_list_shared,
    check_can_propose,
    check_can_read_shared,
    check_can_receive,
    check_can_record,
)
from securebase.clinic.consent.terms import Terms, check_terms, in_words
from securebase.clinic.consent.words import offered
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


@transaction.atomic
def grant(
    *,
    patient: Patient,
    recipient: User,
    terms: Terms,
    by: User,
    at: datetime,
    method: str = Entry.Method.APP,
) -> Entry:
    """Begin to share: from here on the partner may see these kinds, until the day said."""
    check_can_record(by, patient, method, at=at)
    check_can_receive(recipient, patient, terms.purpose)
    check_terms(terms, at=at)
    text = offered().text_for(terms.categories, terms.purpose)
    entry = Entry.objects.create(
        act=Entry.Act.GRANT,
        patient=patient,
        recipient=recipient,
        categories=in_words(terms.categories),
        purpose=terms.purpose,
        since=terms.since,
        until=terms.until,
        text_version=text.version,
        text_digest=text.digest,
        method=method,
        by=by,
        at=at,
    )
    trail.record(Verb.CONSENT_GRANT, by=by, at=at, patient=patient.pk, about=entry)
    return entry


@transaction.atomic
def withdraw(
    *, consent: Entry, by: User, at: datetime, method: str = Entry.Method.APP
) -> Entry:
    """Stop sharing, at once and for good; doing it again changes nothing."""
    check_can_record(by, consent.patient, method, at=at)
    locked = Entry.objects.select_for_update(no_key=True).get(
        pk=consent.pk, act=Entry.Act.GRANT
    )
    earlier = Entry.objects.filter(withdraws=locked).first()
    if earlier is not None:
        return earlier
    entry = Entry.objects.create(
        act=Entry.Act.WITHDRAW,
        patient=locked.patient,
        recipient=locked.recipient,
        categories=locked.categories,
        purpose=locked.purpose,
        since=locked.since,
        until=locked.until,
        text_version=locked.text_version,
        text_digest=locked.text_digest,
        method=method,
        withdraws=locked,
        by=by,
        at=at,
    )
    trail.record(Verb.CONSENT_WITHDRAW, by=by, at=at, patient=locked.patient_id, about=entry)
    return entry


@transaction.atomic
def narrow(
    *,
    consent: Entry,
    terms: Terms,
    by: User,
    at: datetime,
    method: str = Entry.Method.APP,
) -> Entry:
    """Share less: the old consent is withdrawn and a smaller one begins, in one step."""
    check_can_record(by, consent.patient, method, at=at)
    locked = Entry.objects.select_for_update(no_key=True).get(
        pk=consent.pk, act=Entry.Act.GRANT
    )
    if Entry.objects.filter(withdraws=locked).exists() or locked.until <= at:
        raise ValidationError("This sharing is over already. To share again, begin anew.")
    more = terms.categories - locked.scope
    if more or terms.until > locked.until or terms.purpose != locked.purpose:
        raise ValidationError(
            f"This would share more ({in_words(more) or 'longer, or for something else'}). "
            "Here you can only share less. To share more, begin a new sharing."
        )
    withdraw(consent=locked, by=by, at=at, method=method)
    return grant(
        patient=locked.patient,
        recipient=locked.recipient,
        terms=terms,
        by=by,
        at=at,
        method=method,
    )


@transaction.atomic
def note_shared_read(
    *, patient: Patient, consents: list[Entry], by: User, at: datetime
) -> None:
    """Put on the trail each kind a partner looked at, by which consent and for what."""
    check_can_read_shared(by, patient, at=at)
    for consent in consents:
        for category in sorted(consent.scope):
            trail.record(
                Verb.CONSENT_READ,
                by=by,
                at=at,
                patient=patient.pk,
                about=consent,
                reason=f"for {consent.purpose}",
                category=category.value,
            )


@transaction.atomic
def note_shared_list_read(*, by: User, at: datetime) -> None:
    """Put on the trail that a partner looked at who shares with them."""
    check_can_list_shared(by)
    trail.record(Verb.CONSENT_LIST, by=by, at=at)


@transaction.atomic
def propose_partner(
    *, patient: Patient, name: str, email: str, profession: str, by: User, at: datetime
) -> Proposal:
    """Note whom somebody would like on the care team; nothing is sent and nothing opens."""
    check_can_propose(by, patient, at=at)
    if not name.strip():
        raise ValidationError({"name": "The name is empty. Write what they are called."})
    if profession not in offered().professions:
        raise ValidationError(
            {"profession": f"Choose one of: {', '.join(offered().professions)}."}
        )
    validate_email(email.strip())
    proposal = Proposal.objects.create(
        patient=patient,
        name=name.strip(),
        email=email.strip().lower(),
        profession=profession,
        proposed_by=by,
        proposed_at=at,
    )
    trail.record(Verb.PARTNER_PROPOSE, by=by, at=at, patient=patient.pk, about=proposal)
    return proposal


@transaction.atomic
def join_care_team(*, proposal: Proposal, account: User, by: User, at: datetime) -> Proposal:
    """Tie the account of an invited partner to the proposal; it still opens nothing."""
    check_can_invite_partner(by, proposal.patient, at=at)
    locked = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if locked.account_id is not None:
        raise ValidationError("This partner is invited already.")
    if Proposal.objects.filter(patient=locked.patient_id, account=account).exists():
        raise ValidationError("This partner is on the care team already.")
    locked.account, locked.invited_by, locked.invited_at = account, by, at
    locked.save(update_fields=["account", "invited_by", "invited_at"])
    trail.record(Verb.PARTNER_INVITE, by=by, at=at, patient=locked.patient_id, about=locked)
    return locked
