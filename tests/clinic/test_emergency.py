"""Emergency access.

A clinician without a tie opens a record for four hours, with a reason. Whoever it is
about is told, whoever is clinician of record is told, and somebody else looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care import emergency as care
from securebase.clinic.care import ties
from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.emergency import Ground
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Emergency, Patient
from securebase.clinic.care.ties import Way
from securebase.people.access.table import the_table
from securebase.people.access.words import Tie
from securebase.people.accounts.models import RoleHeld, User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.open_in_emergency import open_in_emergency
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
A_MOMENT = timedelta(seconds=1)
HOURS = timedelta(hours=1)
WHY = Ground(kind="danger", reason="Rang and said goodbye; Dr Marsh cannot be reached.")


@dataclass(frozen=True)
class Night:
    """Jo treats Sam and is away; Kit is on call and has no tie to Sam."""

    jo: User
    kit: User
    sam: Patient


@pytest.fixture
def night() -> Night:
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    return Night(jo, make.a_clinician("Dr Kit Lowe"), make.a_patient(of=jo))


def begin(night: Night, ground: Ground = WHY, *, at: datetime = NOW) -> Emergency:
    begun, _ = care.begin_emergency(patient=night.sam, ground=ground, by=night.kit, at=at)
    return begun


@pytest.mark.parametrize(
    ("after", "is_open"),
    [
        # after                   open
        (-A_MOMENT,               False),
        (timedelta(),             True),
        (4 * HOURS - A_MOMENT,    True),
        (4 * HOURS,               False),
    ],
)  # fmt: skip
def test_the_record_is_open_for_four_hours(
    night: Night, after: timedelta, is_open: bool
) -> None:
    begin(night)

    assert care.can_read_in_emergency(night.kit, night.sam, at=NOW + after) is is_open


def test_it_opens_nothing_to_anybody_else(night: Night) -> None:
    begin(night)

    for user in (make.a_clinician(), make.a_host(), make.the_account(night.sam)):
        assert not care.can_read_in_emergency(user, night.sam, at=NOW)
        with pytest.raises(PermissionDenied):
            care.check_can_read_in_emergency(user, night.sam, at=NOW)


def test_it_ends_with_the_role(night: Night) -> None:
    begin(night)
    RoleHeld.objects.filter(user=night.kit).update(until=NOW)

    assert not care.can_read_in_emergency(night.kit, night.sam, at=NOW)


def test_it_never_becomes_a_bond(night: Night) -> None:
    begin(night)

    assert not night.kit.bonds.exists()


def test_the_reason_is_kept_sealed_and_the_trail_has_none_of_it(night: Night) -> None:
    with added_rows() as rows:
        begun = begin(night)

    assert Emergency.objects.get(pk=begun.pk).reason == WHY.reason
    assert [(row.verb, row.actor, row.patient) for row in rows] == [
        (Verb.EMERGENCY_OPEN.value, night.kit.pk, night.sam.pk)
    ]
    assert not any("goodbye" in str(vars(row)) for row in rows)


def test_asking_twice_opens_once(night: Night) -> None:
    first = begin(night)

    with added_rows() as rows:
        second = begin(night, at=NOW + HOURS)

    assert second == first
    assert rows == []


def test_whom_the_patient_shut_out_opens_nothing(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = Patient.objects.filter(pk=night.sam.pk)
    shut_out = Way(Tie.EXCLUDED, about, patient="pk", since="")
    monkeypatch.setattr(ties, "_sources", [lambda user, at: [shut_out]])

    with pytest.raises(PermissionDenied):
        begin(night)
    assert not Emergency.objects.exists()


def test_the_table_of_access_and_the_policy_agree_on_the_hours() -> None:
    row = next(row for row in the_table().rows if row.tie is Tie.EMERGENCY)

    assert row.longest == limits().emergency


def test_it_can_be_opened_again_when_the_hours_are_over(night: Night) -> None:
    first = begin(night)

    assert begin(night, at=NOW + 4 * HOURS) != first


def test_it_can_be_left_before_the_hours_are_over(night: Night) -> None:
    begun = begin(night)

    care.leave_emergency(emergency=begun, by=night.kit, at=NOW + HOURS)

    assert not care.can_read_in_emergency(night.kit, night.sam, at=NOW + HOURS)
    for user in (night.kit, night.jo):
        with pytest.raises(PermissionDenied):
            care.leave_emergency(emergency=begun, by=user, at=NOW + HOURS)


def test_only_a_clinician_without_another_way_in_may_open(night: Night) -> None:
    covering, own = make.a_clinician(), make.a_clinician()
    begin_care(patient=night.sam, clinician=covering, by=night.jo, at=NOW)
    people = {
        "clinician of record": night.jo,
        "covering clinician": covering,
        "clinician without a tie": night.kit,
        "patient": make.the_account(night.sam),
        "host": make.a_host(),
        "somebody without a role": make.an_account(),
    }

    allowed = {n for n, u in people.items() if care.can_open_in_emergency(u, night.sam, at=NOW)}

    assert allowed == {"clinician without a tie"}
    for name in people.keys() - allowed:
        with pytest.raises(PermissionDenied):
            care.check_can_open_in_emergency(people[name], night.sam, at=NOW)
    night.sam.account = own
    assert not care.can_open_in_emergency(own, night.sam, at=NOW)


@pytest.mark.parametrize(
    ("ground", "field"),
    [
        (Ground("curious", WHY.reason),                    "kind"),
        (Ground("danger", "   short  "),                   "reason"),
        (Ground("danger", WHY.reason, 73, WHY.reason),     "delay_hours"),
        (Ground("danger", WHY.reason, -1, WHY.reason),     "delay_hours"),
        (Ground("danger", WHY.reason, 24, " "),            "delay_reason"),
    ],
)  # fmt: skip
def test_a_ground_that_does_not_say_enough_opens_nothing(
    night: Night, ground: Ground, field: str
) -> None:
    with added_rows() as rows, pytest.raises(ValidationError) as refused:
        begin(night, ground)

    assert list(refused.value.message_dict) == [field]
    assert not Emergency.objects.exists()
    assert rows == []


@pytest.mark.parametrize(
    ("delay", "after", "told"),
    [
        # delay   after                      told
        (0,       timedelta(),               True),
        (72,      72 * HOURS - A_MOMENT,     False),
        (72,      72 * HOURS,                True),
        (0,       30 * 24 * HOURS - A_MOMENT, True),
        (0,       30 * 24 * HOURS,           False),
    ],
)  # fmt: skip
def test_the_patient_is_told_at_once_unless_a_reason_delays_it(
    night: Night, delay: int, after: timedelta, told: bool
) -> None:
    reason = "The partner reads along and must not know tonight." if delay else ""
    begun = begin(night, Ground("danger", WHY.reason, delay, reason))

    assert (begun in care.emergencies_told_to(night.sam, at=NOW + after)) is told


def test_who_lists_reads_knows_what_the_patient_is_not_told_yet(night: Night) -> None:
    begun = begin(night, Ground("danger", WHY.reason, 24, "The partner reads along tonight."))

    assert list(care.emergencies_untold(night.sam, at=NOW)) == [begun]
    assert not care.emergencies_untold(night.sam, at=NOW + 24 * HOURS).exists()


def test_a_host_or_the_clinician_of_record_reviews(night: Night) -> None:
    begun = begin(night)
    people = {
        "clinician of record": night.jo,
        "who opened it": night.kit,
        "host": make.a_host(),
        "another clinician": make.a_clinician(),
        "patient": make.the_account(night.sam),
    }

    allowed = {n for n, u in people.items() if care.can_review(u, begun, at=NOW)}

    assert allowed == {"clinician of record", "host"}
    assert {n for n, u in people.items() if care.waiting_for_review(u, at=NOW)} == allowed
    for name in people.keys() - allowed:
        with pytest.raises(PermissionDenied):
            care.check_can_review(people[name], begun, at=NOW)


def test_a_host_does_not_review_their_own(night: Night) -> None:
    begun = begin(night)
    RoleHeld.objects.create(user=night.kit, role="host", since=NOW)

    assert not care.can_review(User.objects.get(pk=night.kit.pk), begun, at=NOW)


def test_a_review_is_kept_once_with_its_outcome(night: Night) -> None:
    begun = begin(night)

    with added_rows() as rows:
        care.review_emergency(
            emergency=begun, outcome="needed", note="Right call.", by=night.jo, at=NOW + HOURS
        )

    kept = Emergency.objects.get(pk=begun.pk)
    assert (kept.outcome, kept.review_note, kept.reviewed_by) == (
        "needed",
        "Right call.",
        night.jo,
    )
    assert [row.verb for row in rows] == [Verb.EMERGENCY_REVIEW.value]
    with pytest.raises(PermissionDenied, match="already"):
        care.review_emergency(emergency=begun, outcome="talk", by=night.jo, at=NOW + HOURS)


def test_an_outcome_nobody_knows_is_refused(night: Night) -> None:
    begun = begin(night)

    with pytest.raises(ValidationError, match="'fine' is no outcome"):
        care.review_emergency(emergency=begun, outcome="fine", by=night.jo, at=NOW)


def test_a_review_is_due_after_three_days(night: Night) -> None:
    assert begin(night).review_by == NOW + 72 * HOURS


def test_a_record_is_found_by_exactly_its_name_address_or_number(night: Night) -> None:
    address = make.the_account(night.sam).email
    number = care.record_number(night.sam)

    assert care.find_exactly(f" {address.upper()} ") == night.sam
    assert care.find_exactly(number.upper()) == night.sam
    assert care.find_exactly(" sam  reed ") == night.sam
    for said in ("", "@", address[:-1], number[:-1], "Sam", f"{number}0", "zzzzzzzz", "%"):
        assert care.find_exactly(said) is None


def test_two_people_of_one_name_are_found_by_neither(night: Night) -> None:
    make.a_patient(of=night.jo, name="Sam Reed")

    assert care.find_exactly("Sam Reed") is None


def test_a_search_that_finds_nobody_leaves_a_row_without_the_words(night: Night) -> None:
    with added_rows() as rows:
        opened = open_in_emergency(said="nobody@example.org", ground=WHY, by=night.kit, at=NOW)

    assert opened is None
    assert [(row.verb, row.outcome) for row in rows] == [
        (Verb.EMERGENCY_MISS.value, AuditEvent.Outcome.REFUSED.value)
    ]
    assert "nobody@" not in str([vars(row) for row in rows])


def test_the_door_rests_after_five_searches_that_found_nobody(night: Night) -> None:
    for minute in range(5):
        at = NOW + timedelta(minutes=minute)
        open_in_emergency(said=f"no{minute}@example.org", ground=WHY, by=night.kit, at=at)
    address = make.the_account(night.sam).email

    with pytest.raises(PermissionDenied, match="Wait an hour"):
        open_in_emergency(said=address, ground=WHY, by=night.kit, at=NOW + 59 * A_MOMENT * 60)
    assert open_in_emergency(said=address, ground=WHY, by=night.kit, at=NOW + HOURS)


def test_reading_leaves_a_row_each_time(night: Night) -> None:
    begin(night)

    with added_rows() as rows:
        care.note_emergency_read(patient=night.sam, by=night.kit, at=NOW)

    assert [(row.verb, row.patient) for row in rows] == [
        (Verb.EMERGENCY_READ.value, night.sam.pk)
    ]
    with pytest.raises(PermissionDenied):
        care.note_emergency_read(patient=night.sam, by=night.kit, at=NOW + 4 * HOURS)
