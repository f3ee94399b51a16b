"""A record as a FHIR Bundle

All answers of one person go out with what they scored then, and come in again elsewhere.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.sheets import PastScore
from securebase.exchange.fhir.record import MOST_RESPONSES, read_all, written
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.stories.import_response import Arrived, import_response
from tests.factories import NOW, a_clinician, a_patient, a_practice, the_account

pytestmark = pytest.mark.django_db

LOW = {str(n): 1 for n in range(1, 9)} | {"9": 0}
GIVEN = NOW - timedelta(days=2)


@pytest.fixture
def clinician() -> User:
    a_practice()
    return a_clinician()


@pytest.fixture
def sam(clinician: User) -> Patient:
    """Return somebody with one form of answers and one score of before."""
    patient = a_patient(of=clinician, at=NOW - timedelta(days=30))
    arrived = Arrived(asked=instrument("phq-9"), answers=LOW, answered_at=GIVEN)
    import_response(arrived=arrived, patient=patient, by=clinician, at=NOW)
    past = PastScore("gad-7.total", NOW - timedelta(days=9), 12.0)
    keep_past_scores(patient=patient, past=[past], by=clinician, at=NOW)
    return patient


def bundle(patient: Patient) -> Any:
    """Return the record as it arrives elsewhere: through JSON."""
    return json.loads(json.dumps(written(patient=patient, by=None, at=NOW).bundle))


def resources(patient: Patient, kind: str) -> list[Any]:
    """Return the resources of one kind in the record's Bundle."""
    held = [entry["resource"] for entry in bundle(patient)["entry"]]
    return [one for one in held if one["resourceType"] == kind]


def test_answers_come_out_and_are_read_again(sam: Patient) -> None:
    given = read_all(bundle(sam))

    assert [(one.instrument.slug, one.answers, one.answered_at) for one in given] == [
        ("phq-9", LOW, GIVEN.replace(microsecond=0))
    ]


def test_scores_are_those_that_were_kept(sam: Patient) -> None:
    Score.objects.filter(measure="phq-9.total").update(value=7.5)

    found = {one["code"]["text"]: one for one in resources(sam, "Observation")}

    assert found["PHQ-9, total"]["valueQuantity"]["value"] == 7.5
    assert found["PHQ-9, total"]["derivedFrom"]
    assert found["GAD-7, total"]["valueQuantity"]["value"] == 12.0
    assert "derivedFrom" not in found["GAD-7, total"]


def test_answers_keep_the_version_they_were_given_to(sam: Patient) -> None:
    Response.objects.filter(instrument="phq-9").update(version="0.9")

    assert resources(sam, "QuestionnaireResponse")[0]["questionnaire"].endswith("|0.9")


def test_what_the_library_no_longer_holds_is_named(sam: Patient) -> None:
    Response.objects.filter(instrument="gad-7").update(instrument="gone")

    made = written(patient=sam, by=None, at=NOW)

    assert (made.responses, made.unknown) == (1, ("gone",))


def test_who_it_is_about_is_a_key_only(sam: Patient) -> None:
    text = json.dumps(bundle(sam))

    assert f"Patient/{sam.pk}" in text
    assert sam.name not in text
    assert the_account(sam).email not in text


def test_that_it_was_done_is_on_the_trail(sam: Patient) -> None:
    bundle(sam)

    assert AuditEvent.objects.filter(verb="care.record.export", patient=sam.pk).count() == 1


def test_nobody_else_has_one_made(sam: Patient, clinician: User) -> None:
    with pytest.raises(PermissionDenied):
        written(patient=sam, by=clinician, at=NOW)


@pytest.mark.parametrize("entries", [None, [], [{"resource": {"resourceType": "Patient"}}]])
def test_a_bundle_without_answers_is_refused(entries: Any) -> None:
    with pytest.raises(BadInput, match="holds 0 QuestionnaireResponses"):
        read_all({"resourceType": "Bundle", "entry": entries})


def test_a_bundle_of_too_many_is_refused() -> None:
    one = {"resource": {"resourceType": "QuestionnaireResponse"}}

    with pytest.raises(BadInput, match=f"1 to {MOST_RESPONSES}"):
        read_all({"resourceType": "Bundle", "entry": [one] * (MOST_RESPONSES + 1)})


def test_a_response_that_cannot_be_read_is_named_by_its_place() -> None:
    wrong = {"resourceType": "QuestionnaireResponse", "status": "draft"}

    with pytest.raises(BadInput, match=r"entry\[1\]: status"):
        read_all({"resourceType": "Bundle", "entry": [{}, {"resource": wrong}]})
