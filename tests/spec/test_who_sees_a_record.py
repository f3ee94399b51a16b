"""Who sees a record.

One decision answers for lists, pages and exports alike. A record is open to the patient
whom it is about and to clinicians with an open bond, and shut again when the bond ends. A
cover keeps the care going; its course stays with the clinician of record. A supervisor is
shown initials, a partner what the patient shares. What clinicians are prompted with, they
see alone, and whoever asks in vain is on the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.actions import begin_care, note_read
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.opening import decision_on, patients_open_to
from securebase.clinic.care.queries import patients_visible_to
from securebase.clinic.care.refusals import Asked, note_refusal
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.episodes.models import Episode
from securebase.clinic.episodes.policies import can_change_phase
from securebase.clinic.episodes.queries import signals_visible_to
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.clinic.measurement.queries import responses_visible_to
from securebase.clinic.therapy.actions import note_rupture
from securebase.clinic.therapy.policies import can_note
from securebase.clinic.therapy.queries import ruptures_visible_to
from securebase.people.access.words import Action, Category, Obligation, Thing
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.sharing import a_partner, shares

NOW = make.NOW
NEXT_WEEK = NOW + timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo() -> User:
    """Return Jo, the clinician of record."""
    make.a_practice()
    return make.a_clinician()


@pytest.fixture
def sam(jo: User) -> Patient:
    """Return Sam, in Jo's care, with a marked answer and a strain that Jo noted."""
    sam = make.a_patient(of=jo)
    make.send(make.a_checkin(sam), {"phq-9.9": 1}, at=NOW)
    note_rupture(patient=sam, kind="withdrawal", note="", by=jo, at=NOW)
    return sam


def test_jo_sees_sam(jo: User, sam: Patient) -> None:
    assert list(patients_visible_to(jo, at=NOW)) == [sam]


def test_sam_sees_sam(sam: Patient) -> None:
    user = make.the_account(sam)

    assert list(patients_visible_to(user, at=NOW)) == [sam]
    assert responses_visible_to(user, at=NOW).count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PATIENT])
def test_no_role_alone_opens_a_record(sam: Patient, role: Role) -> None:
    assert list(patients_visible_to(make.an_account(role), at=NOW)) == []


def test_another_patient_sees_nothing_of_sam(jo: User, sam: Patient) -> None:
    alex = make.a_patient(of=jo)

    assert list(patients_visible_to(make.the_account(alex), at=NOW)) == [alex]


def test_a_bond_opens_the_record_and_its_end_shuts_it(jo: User, sam: Patient) -> None:
    covering = make.a_clinician()
    assert not patients_visible_to(covering, at=NOW).exists()

    begin_care(patient=sam, clinician=covering, by=jo, at=NOW, until=NEXT_WEEK)

    assert patients_visible_to(covering, at=NOW).exists()
    assert not patients_visible_to(covering, at=NEXT_WEEK).exists()


def test_a_cover_keeps_the_care_going_and_leaves_its_course_alone(
    jo: User, sam: Patient
) -> None:
    kit = make.a_clinician()
    begin_care(patient=sam, clinician=kit, by=jo, at=NOW, until=NEXT_WEEK)
    episode = Episode(patient=sam)

    assert (can_note(kit, sam, at=NOW), can_change_phase(kit, episode, at=NOW)) == (True, False)
    assert can_change_phase(jo, episode, at=NOW)


def test_a_supervisor_is_let_in_only_where_initials_are_kept(jo: User, sam: Patient) -> None:
    sol = make.an_account(Role.SUPERVISOR)
    days = Days(make.TODAY, NEXT_WEEK.date(), "Europe/London")
    agree_on_supervision(supervisor=sol, supervisee=jo, days=days, by=jo, at=NOW)
    initials = frozenset({Obligation.AUDIT, Obligation.INITIALS})
    scores = Thing(Category.MEASURE)

    assert not patients_visible_to(sol, at=NOW).exists()
    assert not patients_open_to(sol, scores, at=NOW).exists()
    assert list(patients_open_to(sol, scores, at=NOW, keeping=initials)) == [sam]


@pytest.mark.parametrize(
    ("category", "opens"), [(Category.MEASURE, True), (Category.PLAN, False)]
)
def test_a_partner_reads_what_is_shared_and_nothing_else(
    sam: Patient, category: Category, *, opens: bool
) -> None:
    lee = a_partner(sam)
    shares(sam, lee, Category.MEASURE)

    decision = decision_on(lee, Action.READ, Thing(category, about=sam.pk), at=NOW)

    assert decision.permitted is opens
    assert not patients_visible_to(lee, at=NOW).exists()


@pytest.mark.parametrize("there", [True, False])
def test_whoever_asks_in_vain_is_on_the_trail(sam: Patient, *, there: bool) -> None:
    stranger = make.a_clinician()
    asked = Asked("care.Patient", sam.pk if there else uuid4(), Category.MEASURE, Action.READ)

    note_refusal(asked=asked, hidden=True, by=stranger, at=NOW)

    row = AuditEvent.objects.get(outcome=AuditEvent.Outcome.REFUSED)
    expected = (sam.pk, "no_tie") if there else (None, "nothing_there")
    assert (row.actor, row.patient, row.reason) == (stranger.pk, *expected)


def test_a_clinician_cannot_let_themselves_in(sam: Patient) -> None:
    stranger = make.a_clinician()

    with pytest.raises(PermissionDenied, match="not in your care"):
        begin_care(patient=sam, clinician=stranger, by=stranger, at=NOW)
    assert Care.objects.filter(patient=sam).count() == 1


@pytest.mark.parametrize(
    "prompts", [signals_visible_to, suggestions_visible_to, ruptures_visible_to]
)
def test_what_prompts_the_clinician_is_for_the_clinician(
    jo: User, sam: Patient, prompts: Callable[..., Any]
) -> None:
    assert prompts(jo, at=NOW).exists()
    assert not prompts(make.the_account(sam), at=NOW).exists()


def test_a_clinician_who_is_somebodys_patient_is_not_shown_prompts_about_themselves(
    jo: User, sam: Patient
) -> None:
    sam.account = make.an_account(Role.CLINICIAN, Role.PATIENT)
    sam.save()

    assert patients_visible_to(sam.account, at=NOW).exists()
    assert not signals_visible_to(sam.account, at=NOW).exists()


def test_what_is_not_sent_yet_is_for_nobody_but_sam(jo: User, sam: Patient) -> None:
    draft = make.a_checkin(sam, at=NEXT_WEEK)
    make.answer(draft, {"phq-9.1": 3}, at=NEXT_WEEK)

    with pytest.raises(PermissionDenied):
        read_draft(checkin=draft, by=jo)


def test_each_time_the_record_is_opened_the_trail_says_who(jo: User, sam: Patient) -> None:
    note_read(patient=sam, by=jo, at=NOW)

    row = AuditEvent.objects.filter(verb=Verb.RECORD_READ.value).get()
    assert (row.actor, row.patient, row.at) == (jo.pk, sam.pk, NOW)
