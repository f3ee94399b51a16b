"""How long what is kept, and the evidence, on the host's pages.

Records past their time are shown by number; each goes only when two people agreed. The
evidence is facts with a date and the place that shows them again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from securebase.clinic.care.models import Care, Patient
from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.vault.models import ErasedOwner
from securebase.stories.confirm_act import confirm_act
from securebase.stories.gather_evidence import gather_evidence
from securebase.stories.retain import NOT_DUE, ask_to_let_go, ended_records, preview
from tests.factories import NOW, a_clinician, a_host, a_patient, a_practice, with_factor
from tests.tampering import edit

ENDED = NOW - timedelta(days=30)
DUE = NOW.replace(year=2034, month=11, day=23)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _practice() -> None:
    a_practice()


@pytest.fixture
def host() -> User:
    return a_host()


@pytest.fixture
def me(host: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )
    with_factor(host)
    client = Client()
    client.force_login(host)
    return client


def whose_care_ended(*, at: datetime = NOW, name: str = "Sam Reed") -> Patient:
    patient = a_patient(of=a_clinician(), name=name, at=ENDED)
    Care.objects.filter(patient=patient).update(until=at)
    return patient


def main(page: Any) -> str:
    return str(page.content.decode().split("<main")[1].split("</main")[0])


@pytest.mark.parametrize(
    ("when", "due"),
    [(DUE - timedelta(days=1), 0), (DUE, 1), (DUE + timedelta(days=900), 1)],
)
def test_a_record_is_past_its_time_eight_years_after_the_last_contact(
    when: datetime, due: int
) -> None:
    whose_care_ended()
    found = preview(at=when)

    assert len(found.due) == due
    assert found.later == (((2034, 1),) if not due else ())


def test_who_is_in_care_is_never_past_their_time() -> None:
    a_patient(of=a_clinician(), at=ENDED)

    assert ended_records(at=DUE + timedelta(days=9000)) == []


def test_the_page_says_numbers_and_no_names(me: Client, host: User) -> None:
    patient = whose_care_ended()
    with time_machine.travel(DUE, tick=False):
        me.force_login(host)
        page = main(me.get("/keep/retention/"))

    assert str(patient.pk)[:8] in page
    assert "Sam Reed" not in page
    assert "8 years after the last contact" in page
    assert "Not checked." in page


def test_a_record_past_its_time_goes_when_two_agreed(me: Client, host: User) -> None:
    patient, other = whose_care_ended(), a_host("Noor Vale")
    with time_machine.travel(DUE, tick=False):
        me.force_login(host)
        me.post("/keep/retention/ask", {"record": str(patient.pk)})
        assert "Waits for a second person" in main(me.get("/keep/retention/"))
        assert not ErasedOwner.objects.exists()
        confirm_act(approval=Approval.objects.get(), by=other, at=timezone.now())
        page = main(me.get("/keep/retention/"))

    assert ErasedOwner.objects.filter(owner=patient.pk).exists()
    assert "No record is past its time" in page


@pytest.mark.parametrize("record", ["", "12", "0d7be6f4-2b1e-4a57-9a3d-0c6b2a7f51de"])
def test_what_is_not_due_is_not_asked_for(me: Client, record: str) -> None:
    whose_care_ended()

    assert me.post("/keep/retention/ask", {"record": record}).status_code in {302, 404}
    assert not Approval.objects.exists()


def test_somebody_in_care_cannot_be_let_go(host: User) -> None:
    patient = a_patient(of=a_clinician(), at=ENDED)

    with pytest.raises(ValidationError, match="in care"):
        ask_to_let_go(record=patient.pk, by=host, at=DUE)
    assert NOT_DUE


def test_the_evidence_is_dated_facts_each_with_where_it_is_shown(me: Client) -> None:
    page = main(me.get("/keep/evidence/"))
    pack = gather_evidence(at=NOW)

    facts = [fact for _, some in pack.chapters for fact in some]
    assert all(fact.name and fact.shown_by and (fact.says or fact.at) for fact in facts)
    assert {fact.name: fact.says for fact in facts}["Chain"].endswith("every link holds")
    assert ("Django" in dict(pack.packages)) or ("django" in dict(pack.packages))
    assert "securebase verify" in page


def test_the_evidence_says_what_is_wrong(host: User) -> None:
    a_patient(of=a_clinician())
    edit()

    pack = gather_evidence(at=NOW)
    facts = {fact.name: fact.says for _, some in pack.chapters for fact in some}
    assert "broken at row 2" in facts["Chain"]


def test_the_evidence_names_nobody(me: Client) -> None:
    patient = a_patient(of=a_clinician("Dr Jo Marsh"), name="Sam Reed")
    page = main(me.get("/keep/evidence/"))

    for word in ("Sam Reed", "Jo Marsh", str(patient.pk)[:8], "example.org"):
        assert word not in page


def test_nobody_else_finds_these_pages(client: Client) -> None:
    client.force_login(a_clinician())

    for path in ("retention/", "evidence/"):
        assert client.get(f"/keep/{path}").status_code == 404
