"""A record as a FHIR Bundle

All answers of one person go out with what they scored then, and come in again elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.models import Response, Score, Target
from securebase.clinic.measurement.sheets import PastScore
from securebase.clinic.measurement.targets import name_target
from securebase.exchange.fhir.about import target_for
from securebase.exchange.fhir.read_response import Given
from securebase.exchange.fhir.record import MOST_RESPONSES, read_all, written
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.stories.import_response import Arrived, import_response
from tests.factories import NOW, a_patient, the_account

pytestmark = pytest.mark.django_db

LOW = {str(n): 1 for n in range(1, 9)} | {"9": 0}
GIVEN = NOW - timedelta(days=2)


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


def test_totals_that_came_go_out_beside_ours_and_come_in_again(sam: Patient) -> None:
    Response.objects.filter(instrument="phq-9").update(given_totals={"total": 9.0})

    (given,) = read_all(bundle(sam))

    assert given.given_totals == {"total": 9.0}
    assert given.disagreements == ("total: 9 came with it; we score 8 (scored).",)
    total = next(
        one for one in resources(sam, "Observation") if one["code"]["text"] == "PHQ-9, total"
    )
    assert total["valueQuantity"]["value"] == 8.0


@pytest.fixture
def mother(sam: Patient, clinician: User) -> Target:
    """Return somebody's mother, about whom they answered."""
    target = name_target(patient=sam, kind="mother", name="Ama", by=clinician, at=NOW)
    asked = instrument("ecr-rs")
    arrived = Arrived(
        asked=asked,
        answers={item.id: 2 for item in asked.items},
        answered_at=GIVEN,
        target=target,
    )
    import_response(arrived=arrived, patient=sam, by=clinician, at=NOW)
    return target


def about_somebody(patient: Patient) -> Given:
    """Return the one response of a record that is about a person, read again."""
    (given,) = [one for one in read_all(bundle(patient)) if one.about]
    return given


def test_answers_say_by_a_key_whom_they_are_about(sam: Patient, mother: Target) -> None:
    given = about_somebody(sam)
    seen = [one for one in resources(sam, "Observation") if "focus" in one]

    assert given.about == ("k1", "mother")
    assert target_for(given, patient=sam, said={}) == mother
    assert {one["focus"][0]["display"] for one in seen} == {"mother"}
    assert {one["code"]["text"] for one in seen} == {"ECR-RS, anxiety", "ECR-RS, avoidance"}
    assert "Ama" not in json.dumps(bundle(sam))


def test_in_another_record_somebody_has_to_say_who_that_is(
    sam: Patient, mother: Target, clinician: User
) -> None:
    given = about_somebody(sam)
    other = a_patient(name="Noor", of=clinician, at=NOW - timedelta(days=30))
    name_target(patient=other, kind="partner", name="", by=clinician, at=NOW)
    theirs = name_target(patient=other, kind="mother", name="", by=clinician, at=NOW)

    with pytest.raises(BadInput, match=r"--about k1=KEY. This record names k1 \(partner\), k2"):
        target_for(given, patient=other, said={})
    with pytest.raises(BadInput, match="k1 is a mother, and k1 here is a partner"):
        target_for(given, patient=other, said={"k1": "k1"})
    with pytest.raises(BadInput, match="names nobody 'k9'"):
        target_for(given, patient=other, said={"k1": "k9"})
    assert target_for(given, patient=other, said={"k1": "k2"}) == theirs


def test_answers_that_name_nobody_are_about_whom_is_said(sam: Patient, mother: Target) -> None:
    given = replace(about_somebody(sam), about=None)

    with pytest.raises(BadInput, match="the file does not say whom"):
        target_for(given, patient=sam, said={})
    assert target_for(given, patient=sam, said={"": "k1"}) == mother


def test_an_about_without_a_key_is_refused(sam: Patient, mother: Target) -> None:
    forms = resources(sam, "QuestionnaireResponse")
    form = next(one for one in forms if "extension" in one)
    form["extension"][0]["extension"] = []

    with pytest.raises(BadInput, match="extension about: says no key"):
        read_all(form)


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
