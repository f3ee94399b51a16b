"""Erasing a person.

Two people agree on a plan that says table by table what goes and what stays. After it
nothing of the person is left outside what the plan keeps, nobody can read what they
wrote, and an older backup does not bring them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.models import Entry
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.approvals.models import Approval
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks
from securebase.people.vault import erasure
from securebase.people.vault.crypto import KeyErased
from securebase.people.vault.models import ErasedOwner
from securebase.stories.confirm_act import confirm_act
from securebase.stories.erase_subject.erase import (
    ask_to_erase,
    erase_again,
    in_order,
    is_erased,
    left_of,
)
from securebase.stories.erase_subject.plan import last_contact, plan_erasure
from securebase.stories.holds import holds, record_term
from securebase.stories.subject_tables import Sort, Then, subject_of, tables
from tests import factories as make
from tests.matrix.world import a_world
from tests.standing import standing

WHY = "Asked for it in writing; the law of the practice allows it."
NAME = "Wilhelmina Quartz"
AT = make.NOW + timedelta(minutes=5)
KEPT = {table.label.lower() for table in tables() if table.then in (Then.KEEP, Then.EMPTY)}

pytestmark = pytest.mark.django_db


@pytest.fixture
def erased_list() -> Iterator[None]:
    """Leave no list of erased people to the next test."""
    erasure.erased_list().unlink(missing_ok=True)
    yield
    erasure.erased_list().unlink(missing_ok=True)


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, User]]:
    with standing(django_db_blocker, everybody) as people:
        yield people


@pytest.fixture
def world(made: dict[str, User]) -> dict[str, User]:
    """Return everybody as the database has them, for one test alone."""
    return {name: User.objects.get(pk=user.pk) for name, user in made.items()}


def everybody() -> dict[str, User]:
    """Return everybody of a practice in which Sam has one of everything."""
    people = a_world().people
    found = {name: user for name, user in people.items() if user is not None}
    sam = Patient.objects.get(account=found["sam"])
    sam.name = NAME
    sam.save(update_fields=["name"])
    found["other host"] = make.a_host("Noor Vale")
    return found


@pytest.fixture
def sam(world: dict[str, User]) -> Patient:
    return Patient.objects.get(account=world["sam"])


def erase(patient: Patient, world: dict[str, User], *, at: datetime = AT) -> Approval:
    approval = ask_to_erase(patient=patient, reason=WHY, by=world["host"], at=make.NOW)
    return confirm_act(approval=approval, by=world["other host"], at=at)


def found_in_the_database(*words: str) -> dict[str, set[str]]:
    """Walk every row of every table and return where each of these words stands."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            for row in cursor.fetchall():
                text = "|".join(_said(value) for value in row).lower()
                for word in words:
                    if word.lower() in text:
                        found.setdefault(model._meta.label_lower, set()).add(word)
    return found


def _said(value: Any) -> str:
    return (
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
    )


def test_every_table_is_listed_and_every_listed_table_is_there() -> None:
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    listed = [table.label for table in tables()]

    assert sorted(there) == sorted(listed)


def test_whatever_points_at_a_table_that_is_erased_is_erased_too() -> None:
    gone = {table.model for table in tables() if table.then is Then.ERASE}
    pointing = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model in gone and model not in gone
    }

    assert pointing == set()


def test_whatever_points_at_a_record_is_about_its_person() -> None:
    about = {table.model for table in tables() if table.record or table.account}
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model is Patient and model not in about
    }

    assert pointing == set()


def test_what_is_kept_says_why_and_what_is_nobodys_leads_to_nobody() -> None:
    for table in tables():
        assert (table.then is Then.KEEP) == bool(table.hold)
        assert table.hold in {"", *holds()}
        if table.sort is Sort.TECHNICAL:
            assert (table.record, table.account, table.readable) == ("", "", False)


def test_rows_go_before_what_they_point_at() -> None:
    order = [table.label for table in in_order(tables())]

    assert order.index("guidance.Decision") < order.index("guidance.Suggestion")
    assert order.index("measurement.Score") < order.index("measurement.Response")
    assert order.index("audit.Concern") < order.index("audit.AuditEvent")


def test_a_plan_changes_nothing_and_names_every_table(
    sam: Patient, world: dict[str, User]
) -> None:
    before = found_in_the_database(sam.pk.hex)
    plan = plan_erasure(sam, at=make.NOW)

    assert found_in_the_database(sam.pk.hex) == before
    assert {line.table.label for line in plan.lines} == {
        table.label for table in tables() if table.then is not Then.NOTHING
    }
    assert plan.erased > 30
    assert "This person is in care now" in plan.warnings[0]
    assert "usually kept until 23 Nov 2034" in plan.warnings[1]
    until = {line.table.label: line.at_least_until for line in plan.lines if line.why}
    assert until["consent.Entry"] == date(2032, 11, 23)
    assert until["audit.AuditEvent"] == date(2034, 11, 23)


def test_what_the_plan_says_is_what_is_done(sam: Patient, world: dict[str, User]) -> None:
    plan = plan_erasure(sam, at=make.NOW)
    going = {line.table.label: line.rows for line in plan.lines if line.rows}
    subject = subject_of(sam)
    erase(sam, world)

    for table in tables():
        if table.then is Then.ERASE:
            assert table.rows(subject).count() == 0, table.label
        elif table.then is Then.KEEP and table.label in ("consent.Entry",):
            assert table.rows(subject).count() == going[table.label]


@pytest.mark.usefixtures("erased_list")
def test_nothing_is_left_outside_what_is_kept(sam: Patient, world: dict[str, User]) -> None:
    assert sam.account is not None
    mail, ids = sam.account.email, (sam.pk, sam.account.pk)
    words = [mail, NAME, "Sam Reed", *(str(pk) for pk in ids), *(pk.hex for pk in ids)]
    assert found_in_the_database(mail)
    erase(sam, world)

    found = found_in_the_database(*words)
    assert set(found) <= KEPT
    assert {word for some in found.values() for word in some} <= set(words[3:])


def test_the_person_of_the_kept_rows_has_no_name_any_more(
    sam: Patient, world: dict[str, User]
) -> None:
    account = make.the_account(sam)
    erase(sam, world)

    stub = Patient.objects.get(pk=sam.pk)
    with pytest.raises(KeyErased):
        _ = stub.name
    with pytest.raises(KeyErased):
        _ = User.objects.get(pk=account.pk).name
    with pytest.raises(KeyErased):
        _ = Approval.objects.get().reason
    assert (stub.account, stub.time_zone, stub.welcomed_at) == (None, "UTC", AT)


def test_the_trail_and_the_ledger_stand_and_hold(sam: Patient, world: dict[str, User]) -> None:
    rows, ledger = AuditEvent.objects.count(), Entry.objects.filter(patient=sam).count()
    erase(sam, world)

    verbs = list(AuditEvent.objects.filter(number__gt=rows).values_list("verb", flat=True))
    assert verbs[-1] == "care.record.erase"
    assert verbs.count("vault.keys.erase") == 2
    assert list(breaks()) == []
    assert Entry.objects.filter(patient=sam).count() == ledger > 0


def test_others_keep_all_of_theirs(sam: Patient, world: dict[str, User]) -> None:
    alex = subject_of(Patient.objects.get(account=world["alex"]))
    before = {table.label: table.rows(alex).count() for table in tables()}
    erase(sam, world)

    after = {table.label: table.rows(alex).count() for table in tables()}
    assert after == before
    assert Patient.objects.get(account=world["alex"]).name == "Alex Poe"


def test_sessions_of_the_person_end_with_the_erasure(
    sam: Patient, world: dict[str, User], client: Client
) -> None:
    client.force_login(world["sam"])
    assert client.get("/me/").status_code == 200
    erase(sam, world)

    assert client.get("/me/")["Location"].startswith("/account/login")
    assert Session.objects.count() == 0


def test_nobody_finds_an_erased_person_in_a_list(
    sam: Patient, world: dict[str, User], client: Client
) -> None:
    clinician = world["of record"]
    Authenticator.objects.get_or_create(
        user=clinician, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    client.force_login(clinician)
    erase(sam, world)

    for page in ("/desk/", "/desk/people/"):
        assert NAME.split()[1] not in client.get(page).content.decode()
    assert client.get(f"/desk/people/{sam.pk}/").status_code == 404


def test_one_person_is_not_enough(sam: Patient, world: dict[str, User]) -> None:
    approval = ask_to_erase(patient=sam, reason=WHY, by=world["host"], at=make.NOW)

    with pytest.raises(PermissionDenied, match="another host"):
        confirm_act(approval=approval, by=world["host"], at=AT)
    assert not is_erased(sam.pk)


@pytest.mark.parametrize("who", ["of record", "supervisor", "partner", "learner", "alex"])
def test_nobody_but_a_host_asks_for_it(sam: Patient, world: dict[str, User], who: str) -> None:
    with pytest.raises(PermissionDenied):
        ask_to_erase(patient=sam, reason=WHY, by=world[who], at=make.NOW)


def test_nobody_erases_their_own_record(sam: Patient, world: dict[str, User]) -> None:
    RoleHeld.objects.create(user=world["sam"], role=Role.HOST, since=make.NOW)
    me = User.objects.get(pk=world["sam"].pk)

    with pytest.raises(ValidationError, match="their own record"):
        ask_to_erase(patient=sam, reason=WHY, by=me, at=make.NOW)


def test_an_erased_person_is_not_erased_twice(sam: Patient, world: dict[str, User]) -> None:
    erase(sam, world)

    with pytest.raises(ValidationError, match="erased already"):
        ask_to_erase(patient=sam, reason=WHY, by=world["host"], at=AT)


def test_if_it_cannot_be_done_it_is_not_confirmed(
    sam: Patient, world: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = ask_to_erase(patient=sam, reason=WHY, by=world["host"], at=make.NOW)
    rows = found_in_the_database(sam.pk.hex)

    def fails(**_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("securebase.stories.erase_subject.erase.erase_owner", fails)
    with pytest.raises(OSError, match="full"):
        confirm_act(approval=approval, by=world["other host"], at=AT)

    assert Approval.objects.get().confirmed_at is None
    assert found_in_the_database(sam.pk.hex) == rows


def test_somebody_who_works_here_keeps_the_account(
    sam: Patient, world: dict[str, User]
) -> None:
    RoleHeld.objects.create(user=world["sam"], role=Role.LEARNER, since=make.NOW)
    erase(sam, world)

    account = User.objects.get(pk=world["sam"].pk)
    assert account.is_active
    assert account.roles == {Role.LEARNER.value}
    assert Patient.objects.get(pk=sam.pk).account is None
    assert not ErasedOwner.objects.filter(owner=account.pk).exists()


def test_a_record_without_an_account_is_erased_too(world: dict[str, User]) -> None:
    patient = make.a_patient(of=world["of record"], name=NAME)
    Patient.objects.filter(pk=patient.pk).update(account=None)
    patient.refresh_from_db()
    erase(patient, world)

    assert is_erased(patient.pk)
    assert left_of(subject_of(patient)) == {}


def test_a_record_is_kept_eight_years_after_the_last_contact(sam: Patient) -> None:
    assert record_term().over(last_contact(sam)) == date(2034, 11, 23)
    assert record_term().over(datetime(2024, 2, 29)) == date(2032, 3, 1)  # noqa: DTZ001


@pytest.mark.usefixtures("erased_list")
def test_an_older_backup_does_not_bring_anybody_back(
    sam: Patient, world: dict[str, User]
) -> None:
    account, at = make.the_account(sam), AT + timedelta(days=1)
    erasure.erased_list().write_text(
        "".join(f"{owner} {AT.isoformat()} -\n" for owner in (sam.pk, account.pk))
    )

    assert erase_again(at=at) == [sam.pk]
    assert left_of(subject_of(Patient.objects.get(pk=sam.pk))) == {}
    assert not User.objects.filter(email=account.email).exists()
    assert erase_again(at=at) == []
