"""The copy of a record that its person may have.

It holds what the person may read on the pages and nothing else, says what it leaves out,
and carries the head of the trail. Whoever opens the page runs nothing that was written.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from securebase.clinic.bridge.queries import bridge_plans_visible_to
from securebase.clinic.care.exclusion import exclusions_visible_to
from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_visible_to
from securebase.clinic.checkins.queries import checkins_visible_to, rhythms_visible_to
from securebase.clinic.consent.queries import entries_visible_to, proposals_visible_to
from securebase.clinic.consent.supporters import supporters_visible_to
from securebase.clinic.episodes.queries import episodes_visible_to, signals_visible_to
from securebase.clinic.formulation.queries import formulations_visible_to, goals_visible_to
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.clinic.guidance.readying import proceedings_visible_to
from securebase.clinic.measurement.queries import responses_visible_to, scores_visible_to
from securebase.clinic.measurement.targets import targets_visible_to
from securebase.clinic.notes.queries import drafts_visible_to as note_drafts
from securebase.clinic.notes.queries import (
    notes_visible_to,
    process_notes_visible_to,
    promises_visible_to,
)
from securebase.clinic.practice.queries import doings_visible_to, kit_visible_to
from securebase.clinic.safety.queries import plans_visible_to
from securebase.clinic.said.queries import (
    brought_visible_to,
    course_notes_visible_to,
    drafts_visible_to,
    feelings_visible_to,
    messages_visible_to,
)
from securebase.clinic.therapy.queries import ruptures_visible_to, sessions_visible_to
from securebase.clinic.therapy.working import agenda_visible_to, skills_visible_to
from securebase.people.accounts.models import User
from securebase.people.audit.anchors import end_of_rows
from securebase.people.audit.models import AuditEvent
from securebase.stories.export_subject.gather import can_export, gather
from securebase.stories.export_subject.pack import export_subject
from securebase.stories.subject_tables import subject_of, tables
from tests import factories as make
from tests.house.plan import SOURCE
from tests.matrix.world import World, a_world
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences
from tests.standing import standing

SHARP = "<script>alert(1)</script><img src=x onerror=alert(1)>"

READ_BY = {
    "bridge.BridgePlan": bridge_plans_visible_to,
    "care.Exclusion": exclusions_visible_to,
    "care.Patient": patients_visible_to,
    "checkins.CheckIn": checkins_visible_to,
    "checkins.Rhythm": rhythms_visible_to,
    "consent.Entry": entries_visible_to,
    "consent.Proposal": proposals_visible_to,
    "consent.Supporter": supporters_visible_to,
    "episodes.Episode": episodes_visible_to,
    "episodes.Signal": signals_visible_to,
    "formulation.Formulation": formulations_visible_to,
    "formulation.Goal": goals_visible_to,
    "guidance.Proceeding": proceedings_visible_to,
    "guidance.Suggestion": suggestions_visible_to,
    "measurement.Response": responses_visible_to,
    "measurement.Score": scores_visible_to,
    "measurement.Target": targets_visible_to,
    "notes.Note": notes_visible_to,
    "notes.NoteDraft": note_drafts,
    "notes.ProcessNote": process_notes_visible_to,
    "notes.Promise": promises_visible_to,
    "practice.Doing": doings_visible_to,
    "practice.KitEntry": kit_visible_to,
    "safety.SafetyPlan": plans_visible_to,
    "said.Brought": brought_visible_to,
    "said.CourseNote": course_notes_visible_to,
    "said.Draft": drafts_visible_to,
    "said.Feeling": feelings_visible_to,
    "said.Message": messages_visible_to,
    "therapy.AgendaItem": agenda_visible_to,
    "therapy.Rupture": ruptures_visible_to,
    "therapy.SkillTaught": skills_visible_to,
    "therapy.TherapySession": sessions_visible_to,
}
"""For each table that pages fetch from: who may see which rows."""

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing(django_db_blocker, a_world) as world:
        yield world


@pytest.fixture
def people(made: World) -> dict[str, User]:
    there = {name: user.pk for name, user in made.people.items() if user is not None}
    return {name: User.objects.get(pk=pk) for name, pk in there.items()}


@pytest.fixture
def sam(people: dict[str, User]) -> Patient:
    return Patient.objects.get(account=people["sam"])


def opened(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Tags(HTMLParser):
    """Collects what a browser would do with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins here."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("label", READ_BY)
def test_a_copy_holds_what_the_person_may_read(
    sam: Patient, people: dict[str, User], label: str
) -> None:
    copy = gather(patient=sam, by=people["sam"], at=make.NOW)
    rows = next((part.rows for part in copy.parts if part.table == label), ())

    readable = READ_BY[label](people["sam"], at=make.NOW).values_list("pk", flat=True)
    assert {str(row["id"]) for row in rows} == {str(pk) for pk in readable}


def test_every_list_of_the_clinic_is_asked() -> None:
    texts = [file.read_text() for file in (SOURCE / "clinic").rglob("*.py")]
    asked = re.compile(r"^def (\w+_visible_to)\(", re.M)
    found = {name for text in texts for name in asked.findall(text)}

    assert found == {query.__name__ for query in READ_BY.values()} | {"contracts_visible_to"}


def test_nothing_of_anybody_else_is_in_it(sam: Patient, people: dict[str, User]) -> None:
    alex = Patient.objects.get(account=people["alex"])
    text = opened(export_subject(patient=sam, by=people["sam"], at=make.NOW))[
        "record.json"
    ].decode()

    for word in ("Alex Poe", str(alex.pk), people["alex"].email, str(people["alex"].pk)):
        assert word not in text


def test_no_secret_is_in_it(sam: Patient, people: dict[str, User]) -> None:
    people["sam"].set_password("heron weir mill lane")
    people["sam"].save()
    told = json.loads(opened(export_subject(patient=sam, by=None, at=make.NOW))["record.json"])

    columns = {name for part in told["tables"].values() for row in part["rows"] for name in row}
    assert columns.isdisjoint({"password", "digest", "link", "secret", "data"})
    assert {"mfa.Authenticator", "accounts.Invitation", "accounts.MailLink"}.isdisjoint(
        told["tables"]
    )


def test_sealed_words_and_names_are_readable(sam: Patient, people: dict[str, User]) -> None:
    told = json.loads(opened(export_subject(patient=sam, by=None, at=make.NOW))["record.json"])

    [record] = told["tables"]["care.Patient"]["rows"]
    assert (record["name"], record["account"]) == ("Sam Reed", "you")
    assert "Dr Jo Marsh" in {row["clinician"] for row in told["tables"]["care.Care"]["rows"]}
    assert "process notes" in " ".join(told["left_out"]).lower()


def test_the_copy_carries_the_trail_with_its_own_row(
    sam: Patient, people: dict[str, User]
) -> None:
    copy = gather(patient=sam, by=people["sam"], at=make.NOW)

    number, head = end_of_rows()
    assert copy.head == f"{number}:{head}"
    assert copy.seen[-1]["did"] == "made a copy of your record"
    assert AuditEvent.objects.latest("number").verb == "care.record.export"


def test_an_emergency_that_is_held_back_is_not_told_by_the_copy(
    sam: Patient, people: dict[str, User]
) -> None:
    sam.emergencies.update(told_from=make.NOW.replace(year=2027))
    Patient.objects.filter(pk=sam.pk).update(account=None)
    for one in (sam, Patient.objects.get(pk=sam.pk)):
        copy = gather(patient=one, by=None, at=make.NOW)

        assert not [line for line in copy.seen if "emergency" in line["did"]]


def test_the_manifest_fits_the_files(sam: Patient) -> None:
    files = opened(export_subject(patient=sam, by=None, at=make.NOW))
    told = json.loads(files.pop("manifest.json"))

    assert told["sha256"] == {n: hashlib.sha256(data).hexdigest() for n, data in files.items()}
    assert set(files) == {"record.json", "record.html"}


def test_the_page_runs_nothing_and_loads_nothing(sam: Patient) -> None:
    for row in sam.responses.all():
        row.texts = json.dumps({"matters": SHARP})
        row.save(update_fields=["texts"])
    sam.name = SHARP
    sam.save(update_fields=["name"])
    page = opened(export_subject(patient=sam, by=None, at=make.NOW))["record.html"].decode()
    tags = Tags()
    tags.feed(page)

    assert "&lt;script&gt;" in page
    assert tags.names.isdisjoint({"script", "img", "link", "iframe", "object", "a", "form"})
    assert tags.attributes <= {"lang", "charset", "name", "content", "http-equiv"}


@pytest.mark.parametrize(
    "who", ["alex", "of record", "supervisor", "partner", "host", "learner"]
)
def test_nobody_else_has_the_copy_made(sam: Patient, people: dict[str, User], who: str) -> None:
    assert not can_export(people[who], sam)
    with pytest.raises(PermissionDenied, match="Only the person"):
        gather(patient=sam, by=people[who], at=make.NOW)


def test_what_is_no_part_of_a_copy_is_never_marked_readable() -> None:
    readable = [table for table in tables() if table.readable]

    assert all(table.record or table.account for table in readable)
    assert not [t for t in readable if issubclass(t.model, AuditEvent)]
    assert not [
        f for t in readable for f in t.model._meta.fields if isinstance(f, models.FileField)
    ]


def test_rows_of_a_person_are_found_by_record_or_account(sam: Patient) -> None:
    subject = subject_of(sam)

    for table in tables():
        if table.record or table.account:
            assert table.rows(subject).count() >= 0


def test_the_page_asks_once_more_who_it_is(people: dict[str, User], client: Client) -> None:
    people["sam"].set_password("heron weir mill lane")
    people["sam"].save()
    client.force_login(people["sam"])

    assert "reauthenticate" in client.get(reverse("me_copy"))["Location"]
    assert "reauthenticate" in client.post(reverse("me_copy"))["Location"]


def test_the_person_makes_the_copy_on_the_page(
    people: dict[str, User], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )
    client.force_login(people["sam"])
    said = words(client.get(reverse("me_copy")).content.decode())
    reply = client.post(reverse("me_copy"))

    assert grade(said) <= 6
    assert [" ".join(one) for one in sentences(said) if len(one) > 20] == []
    assert [word for word in UNSAID if word in said] == []
    assert reply["Cache-Control"] == "no-store"
    assert reply["Content-Disposition"] == 'attachment; filename="your-record.zip"'
    assert "record.html" in opened(reply.content)
