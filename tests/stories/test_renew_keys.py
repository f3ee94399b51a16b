"""A new key from the host's pages.

One host asks, another confirms, and the worker makes it. Cut off in the middle it goes on;
done once, it is not done again. What was sealed before opens afterwards.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.jobs.models import Duty
from securebase.jobs.new_keys import renew_keys
from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.vault import rotation
from securebase.people.vault.keys import forget_keys
from securebase.people.vault.models import PracticeKey, Rotation
from securebase.stories.confirm_act import about_of, confirm_act
from securebase.stories.keep_keys.renew_keys import ask_to_renew, progress_of_practice_key
from tests.factories import NOW, a_clinician, a_host, a_patient, a_practice, with_factor

pytestmark = pytest.mark.django_db

WHY = "A colleague left, and had the machine in her hands."
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def hosts() -> tuple[User, User]:
    a_practice()
    return a_host(), a_host("Ada Second")


@pytest.fixture
def asked(hosts: tuple[User, User]) -> Approval:
    return ask_to_renew(kind="practice", reason=WHY, by=hosts[0], at=NOW)


def number() -> int:
    return PracticeKey.objects.latest("number").number


def test_nothing_is_made_before_a_second_person_confirms(asked: Approval) -> None:
    before = number()

    assert renew_keys(at=SOON, worker="one") == 0
    assert number() == before


def test_the_worker_makes_what_two_people_agreed_on_once(
    asked: Approval, hosts: tuple[User, User]
) -> None:
    patient, before = a_patient(of=a_clinician()), number()
    confirm_act(approval=asked, by=hosts[1], at=NOW)

    done = [renew_keys(at=SOON, worker="one"), renew_keys(at=SOON, worker="two")]

    forget_keys()
    assert (done, number()) == ([1, 0], before + 1)
    assert Patient.objects.get(pk=patient.pk).name == "Sam Reed"
    assert progress_of_practice_key().done == progress_of_practice_key().of > 0
    assert Duty.objects.get(work="new key").worker == "one"


def test_cut_off_in_the_middle_it_goes_on_under_the_same_order(
    asked: Approval, hosts: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_patient(of=a_clinician())
    before = number()
    confirm_act(approval=asked, by=hosts[1], at=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(rotation, "_destroy_practice_keys", cut_off)
        assert renew_keys(at=SOON, worker="one") == 0
    assert Rotation.objects.get().ended_at is None

    assert renew_keys(at=NOW + timedelta(hours=3), worker="two") == 1

    assert Rotation.objects.get().ended_at is not None
    assert number() == before + 1


def cut_off(*args: object) -> bool:
    raise RuntimeError("the machine stopped")


def test_only_a_host_asks(hosts: tuple[User, User]) -> None:
    with pytest.raises(PermissionDenied, match="Only a host"):
        ask_to_renew(kind="practice", reason=WHY, by=a_clinician(), at=NOW)


def test_data_keys_are_renewed_on_the_machine_itself(hosts: tuple[User, User]) -> None:
    with pytest.raises(ValidationError, match="securebase keys rotate"):
        ask_to_renew(kind="data", reason=WHY, by=hosts[0], at=NOW)


def test_whoever_confirms_reads_which_key_it_is(asked: Approval) -> None:
    about = about_of(asked, at=NOW)

    assert (about.who, "practice key" in about.what) == ("this practice", True)


def test_the_page_asks_for_it_and_tells_how_far_it_is(
    client: Client, hosts: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )
    with_factor(hosts[0])
    client.force_login(hosts[0])

    refused = client.post("/keep/keys/renew", {"kind": "practice", "reason": "So."})
    taken = client.post("/keep/keys/renew", {"kind": "practice", "reason": WHY})

    assert (refused.status_code, taken["Location"]) == (422, "/keep/approvals/")
    assert Approval.objects.get().detail == "practice"
    page = client.get("/keep/keys/").content.decode()
    assert "Ask for a new key" in page
    assert "data keys, the two of the trail included" in " ".join(page.split())
