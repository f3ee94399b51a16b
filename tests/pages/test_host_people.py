"""The host's pages about people.

Who works here is shown by name, patients as numbers. Each dangerous act asks once more
who it is; what opens a door waits for a second host; what shuts one happens at once.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from securebase.people.accounts.models import Invitation, Role, User
from securebase.people.accounts.visits import open_visits
from securebase.people.approvals.models import Approval
from securebase.people.audit.models import AuditEvent
from securebase.people.vault.models import ErasedOwner
from tests.factories import a_clinician, a_host, a_patient, a_practice, an_account, the_account

WHY = "Kim begins with us on Monday as agreed."

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _practice() -> None:
    a_practice()


@pytest.fixture
def shown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everybody just shown once more who they are."""
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )


@pytest.fixture
def host() -> User:
    return a_host()


@pytest.fixture
def me(host: User) -> Client:
    return signed_in(host)


@pytest.fixture
def other() -> Client:
    return signed_in(a_host("Noor Vale"))


@pytest.fixture
def kim() -> User:
    account = a_clinician("Dr Kim Lowe")
    account.set_password("a long way to the weir")
    account.save()
    return account


def main(page: Any) -> str:
    return str(page.content.decode().split("<main")[1].split("</main")[0])


def test_patients_are_numbers_here(me: Client, kim: User) -> None:
    sam = a_patient(of=kim, name="Sam Reed")
    page = main(me.get("/keep/people/"))

    assert "1 record, 1 in care now" in " ".join(page.split())
    assert "Dr Kim Lowe" in page
    assert "Sam Reed" not in page
    assert me.get(f"/keep/people/{the_account(sam).pk}/").status_code == 404


def test_the_list_takes_the_same_queries_for_more_people(me: Client) -> None:
    me.get("/keep/people/")
    taken = []
    for _ in range(2):
        for _ in range(6):
            a_clinician()
        with CaptureQueriesContext(connection) as queries:
            me.get("/keep/people/")
        taken.append(len(queries))

    assert taken[0] == taken[1]


@pytest.mark.parametrize("role", [r for r in Role if r != Role.HOST])
def test_nobody_else_finds_the_pages(role: Role, kim: User) -> None:
    client = signed_in(an_account(role))

    for path in ("people/", "people/new", f"people/{kim.pk}/", "approvals/", "subjects/"):
        assert client.get(f"/keep/{path}").status_code == 404


def test_every_act_asks_once_more_who_it_is(me: Client, host: User, kim: User) -> None:
    approval = Approval.objects.create(
        kind="renew_factor",
        about=kim.pk,
        reason=WHY,
        asked_by=host,
        asked_at=timezone.now(),
        ready_at=timezone.now(),
        open_until=timezone.now() + timedelta(days=7),
    )
    acts = [f"people/{kim.pk}/{slug}" for slug in ("role", "end", "factor", "close")]

    for path in [*acts, "people/new", f"approvals/{approval.pk}/", "subjects/found/erase"]:
        assert "reauthenticate" in me.get(f"/keep/{path}")["Location"], path
        assert "reauthenticate" in me.post(f"/keep/{path}", {})["Location"], path


@pytest.mark.usefixtures("shown_again")
def test_a_clinician_who_is_invited_gets_the_link_when_two_agreed(
    me: Client, other: Client
) -> None:
    given = {"name": "Kim Lowe", "email": "kim@example.org", "role": "clinician", "reason": WHY}
    assert me.post("/keep/people/new", given)["Location"] == "/keep/people/"
    kim = User.objects.get(email="kim@example.org")
    approval = Approval.objects.get()

    assert kim.roles == frozenset()
    assert not Invitation.objects.filter(account=kim).exists()
    page = main(other.get(f"/keep/approvals/{approval.pk}/"))
    assert "Kim Lowe" in page
    assert WHY in page
    other.post(f"/keep/approvals/{approval.pk}/", {"decision": "confirm"})
    assert User.objects.get(pk=kim.pk).roles == {"clinician"}
    assert Invitation.objects.filter(account=kim, renews_factor=False).count() == 1


@pytest.mark.usefixtures("shown_again")
def test_a_learner_gets_the_link_at_once(me: Client) -> None:
    given = {"name": "Lee Poe", "email": "lee@example.org", "role": "learner", "reason": WHY}
    me.post("/keep/people/new", given)

    assert User.objects.get(email="lee@example.org").roles == {"learner"}
    assert Invitation.objects.count() == 1
    assert not Approval.objects.exists()


@pytest.mark.usefixtures("shown_again")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"role": "patient"}, "valid choice"),
        ({"role": "partner"}, "valid choice"),
        ({"reason": "new"}, "at least 20"),
        ({"name": ""}, "required"),
    ],
)
def test_bad_input_is_told_and_makes_nobody(
    me: Client, given: dict[str, str], said: str
) -> None:
    good = {"name": "Kim", "email": "kim@example.org", "role": "clinician", "reason": WHY}
    page = me.post("/keep/people/new", good | given)

    assert page.status_code == 422
    assert said in page.content.decode()
    assert not User.objects.filter(email="kim@example.org").exists()
    assert not Approval.objects.exists()


@pytest.mark.usefixtures("shown_again")
def test_who_asked_cannot_confirm_and_who_is_another_can(
    me: Client, other: Client, kim: User
) -> None:
    me.post(f"/keep/people/{kim.pk}/role", {"role": "host", "reason": WHY})
    path = f"/keep/approvals/{Approval.objects.get().pk}/"

    assert "Another host confirms it" in main(me.get(path))
    assert me.post(path, {"decision": "confirm"}).status_code == 403
    assert User.objects.get(pk=kim.pk).roles == {"clinician"}
    other.post(path, {"decision": "confirm"})
    assert User.objects.get(pk=kim.pk).roles == {"clinician", "host"}


@pytest.mark.usefixtures("shown_again")
def test_taking_it_back_does_nothing(me: Client, other: Client, kim: User) -> None:
    me.post(f"/keep/people/{kim.pk}/role", {"role": "host", "reason": WHY})
    path = f"/keep/approvals/{Approval.objects.get().pk}/"
    other.post(path, {"decision": "withdraw"})

    assert other.post(path, {"decision": "confirm"}).status_code == 403
    assert User.objects.get(pk=kim.pk).roles == {"clinician"}
    assert "withdrawn" in main(me.get("/keep/approvals/"))


@pytest.mark.usefixtures("shown_again")
def test_a_leaver_is_out_at_the_next_click(me: Client, kim: User) -> None:
    a_patient(of=kim)
    theirs = signed_in(kim)
    assert theirs.get("/desk/").status_code == 200
    page = main(me.get(f"/keep/people/{kim.pk}/close"))
    assert "1 record has this person as clinician of record" in " ".join(page.split())
    me.post(f"/keep/people/{kim.pk}/close", {"reason": "left the practice"})

    assert theirs.get("/desk/")["Location"].startswith("/account/login")
    assert not open_visits(kim, at=timezone.now()).exists()
    assert not User.objects.get(pk=kim.pk).is_active
    assert "Closed accounts" in main(me.get("/keep/people/"))


@pytest.mark.usefixtures("shown_again")
def test_a_role_ends_at_once(me: Client, kim: User) -> None:
    theirs = signed_in(kim)
    me.post(f"/keep/people/{kim.pk}/end", {"role": "clinician"})

    assert User.objects.get(pk=kim.pk).roles == frozenset()
    assert theirs.get("/desk/").status_code != 200
    assert AuditEvent.objects.filter(verb="accounts.role.end").count() == 1


@pytest.mark.usefixtures("shown_again")
def test_a_new_second_factor_waits_for_two(me: Client, other: Client, kim: User) -> None:
    me.post(f"/keep/people/{kim.pk}/factor", {"reason": WHY})
    assert not Invitation.objects.exists()
    other.post(f"/keep/approvals/{Approval.objects.get().pk}/", {"decision": "confirm"})

    assert Invitation.objects.get().renews_factor


@pytest.mark.usefixtures("shown_again")
@pytest.mark.parametrize("slug", ["role", "end", "factor", "close", "link", "promote"])
def test_nobody_acts_on_their_own_account(me: Client, host: User, slug: str) -> None:
    assert me.get(f"/keep/people/{host.pk}/{slug}").status_code == 404
    assert me.post(f"/keep/people/{host.pk}/{slug}", {}).status_code == 404


@pytest.mark.usefixtures("shown_again")
def test_a_host_finds_one_patient_with_a_reason_and_sees_nothing_of_the_record(
    me: Client, kim: User
) -> None:
    sam = a_patient(of=kim, name="Sam Reed")
    mail, why = the_account(sam).email, "they cannot sign in"
    assert me.get("/keep/subjects/found/")["Location"] == "/keep/subjects/"
    found = me.post("/keep/subjects/", {"called": mail.upper(), "reason": why})

    assert found["Location"] == "/keep/subjects/found/"
    page = main(me.get("/keep/subjects/found/"))
    assert "Sam Reed" in page
    assert "Kim" not in page
    row = AuditEvent.objects.get(verb="accounts.person.find")
    assert (row.patient, row.reason) == (sam.pk, why)
    later = timezone.now() + timedelta(minutes=15)
    with time_machine.travel(later, tick=False):
        assert "Sam Reed" not in me.get("/keep/subjects/found/").content.decode()


def test_a_person_without_an_account_is_found_by_number(me: Client, kim: User) -> None:
    sam = a_patient(of=kim, name="Sam Reed")
    sam.account = None
    sam.save(update_fields=["account"])
    number = {"called": str(sam.pk)[:8], "reason": "a duty under the law"}

    assert me.post("/keep/subjects/", number).status_code == 302
    assert "No account" in main(me.get("/keep/subjects/found/"))


@pytest.mark.parametrize("called", ["sam@example.org", "00000000", "s", "%%%%%%%%", "a@" * 200])
def test_a_search_that_finds_nobody_says_so_and_is_kept(me: Client, called: str) -> None:
    page = me.post("/keep/subjects/", {"called": called, "reason": "a duty under the law"})

    assert page.status_code == 422
    rows = AuditEvent.objects.filter(verb="accounts.person.find")
    assert not rows.filter(patient__isnull=False).exists()


@pytest.mark.usefixtures("shown_again")
def test_an_erasure_is_planned_asked_for_and_confirmed(
    me: Client, other: Client, kim: User
) -> None:
    sam = a_patient(of=kim, name="Sam Reed")
    mail = the_account(sam).email
    me.post("/keep/subjects/", {"called": mail, "reason": "they asked to be erased"})
    plan = main(me.get("/keep/subjects/found/erase"))
    assert re.search(r"\d+ rows go\s+for good", plan)
    me.post(
        "/keep/subjects/found/erase", {"reason": "They asked for it in writing, see letter."}
    )
    path = f"/keep/approvals/{Approval.objects.get().pk}/"
    shown = main(other.get(path))

    assert f"record {str(sam.pk)[:8]}" in shown
    assert "Sam Reed" not in shown
    other.post(path, {"decision": "confirm"})
    assert ErasedOwner.objects.filter(owner=sam.pk).exists()
    assert not User.objects.filter(email=mail).exists()
    assert me.get("/keep/subjects/found/")["Location"] == "/keep/subjects/"
    assert "Sam" not in main(me.get(path))


@pytest.mark.usefixtures("shown_again")
def test_a_patient_who_never_came_in_gets_a_new_link(me: Client, kim: User) -> None:
    sam = a_patient(of=kim)
    mail = the_account(sam).email
    me.post("/keep/subjects/", {"called": mail, "reason": "they cannot sign in"})
    me.post("/keep/subjects/found/let-in", {})

    assert Invitation.objects.filter(account=sam.account, renews_factor=False).count() == 1


def test_a_host_ends_every_sign_in_of_somebody_and_none_of_their_own(
    me: Client, kim: User, host: User, shown_again: None
) -> None:
    kims = [signed_in(kim), signed_in(kim)]
    for browser in kims:
        browser.get("/desk/")
    assert "Signed in now: 2 devices" in main(me.get(f"/keep/people/{kim.pk}/"))

    answer = me.post(f"/keep/people/{kim.pk}/sign-ins")

    assert answer.status_code == 302
    assert [browser.get("/desk/").status_code for browser in kims] == [302, 302]
    assert open_visits(kim, at=timezone.now()).count() == 0
    assert AuditEvent.objects.filter(verb="accounts.visit.end", actor=host.pk).exists()
    assert me.post(f"/keep/people/{host.pk}/sign-ins").status_code == 404
