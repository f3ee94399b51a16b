"""Visits: one signing-in on one device.

A page without its person locks; that is no log-out. A visit that was ended elsewhere is
over. What a visit is allowed, and for how long, follows from who somebody is here.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from securebase.people.accounts.actions import close_account, grant_role
from securebase.people.accounts.models import Role, User, Visit
from securebase.people.accounts.visits import (
    Standing,
    begin_visit,
    device_words,
    end_visits,
    forget_old_visits,
    leave_visit,
    lock_visit,
    note_presence,
    open_visits,
    standing_of,
    unlock_visit,
    visit_of,
)
from securebase.people.audit.models import AuditEvent
from tests.factories import NOW, a_host, an_account

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def sam() -> User:
    """Return a patient's account."""
    return an_account(Role.PATIENT)


def begin(account: User, *, scope: Visit.Scope = Visit.Scope.WHOLE) -> Visit:
    """Begin a visit now."""
    return begin_visit(account=account, agent=FIREFOX, at=NOW, scope=scope)


@pytest.mark.parametrize(
    ("is_staff", "idle",                  "standing"),
    [
        (True,   14 * MINUTE,             Standing.OPEN),
        (True,   15 * MINUTE,             Standing.LOCKED),
        (False,  59 * MINUTE,             Standing.OPEN),
        (False,  60 * MINUTE,             Standing.LOCKED),
        (True,   12 * HOUR,               Standing.OVER),
        (False,  12 * HOUR,               Standing.LOCKED),
        (False,  24 * HOUR,               Standing.OVER),
    ],
)  # fmt: skip
def test_a_page_without_its_person_locks_and_later_everything_is_asked_again(
    sam: User, is_staff: bool, idle: timedelta, standing: Standing
) -> None:
    assert standing_of(begin(sam), is_staff=is_staff, at=NOW + idle) is standing


def test_the_trail_keeps_when_staff_signed_in_and_not_when_a_patient_did(sam: User) -> None:
    host = a_host()
    begin(sam)
    begin(host)

    begun = AuditEvent.objects.filter(verb="accounts.visit.begin")
    assert [event.actor for event in begun] == [host.pk]


def test_twelve_hours_after_signing_in_staff_sign_in_again_though_they_never_left(
    sam: User,
) -> None:
    visit = begin(sam)
    visit.seen_at = NOW + 12 * HOUR - MINUTE

    assert standing_of(visit, is_staff=True, at=NOW + 12 * HOUR) is Standing.OVER


def test_presence_keeps_a_page_open(sam: User) -> None:
    visit = begin(sam)
    note_presence(visit, at=NOW + 50 * MINUTE)
    visit.refresh_from_db()

    assert standing_of(visit, is_staff=False, at=NOW + 100 * MINUTE) is Standing.OPEN


def test_presence_is_written_at_most_twice_a_minute(sam: User) -> None:
    visit = begin(sam)
    note_presence(visit, at=NOW + timedelta(seconds=29))
    visit.refresh_from_db()

    assert visit.seen_at == NOW


def test_a_request_under_way_does_not_undo_a_lock(sam: User) -> None:
    visit = begin(sam)
    under_way = Visit.objects.get()
    lock_visit(visit, at=NOW + MINUTE)

    note_presence(under_way, at=NOW + 2 * MINUTE)

    kept = Visit.objects.get()
    assert kept.seen_at == NOW
    assert standing_of(kept, is_staff=False, at=NOW + 2 * MINUTE) is Standing.LOCKED


def test_a_lock_opens_again_and_an_end_does_not(sam: User) -> None:
    visit = begin(sam)
    lock_visit(visit, at=NOW)
    unlock_visit(visit, at=NOW + MINUTE)
    assert standing_of(Visit.objects.get(), is_staff=False, at=NOW + MINUTE) is Standing.OPEN

    leave_visit(visit, at=NOW + MINUTE)
    unlock_visit(visit, at=NOW + MINUTE)

    assert standing_of(Visit.objects.get(), is_staff=False, at=NOW + MINUTE) is Standing.OVER


def test_a_visit_begun_by_a_link_lasts_an_hour_and_has_no_lock_to_open(sam: User) -> None:
    visit = begin(sam, scope=Visit.Scope.CHECK_IN)

    assert standing_of(visit, is_staff=False, at=NOW + 59 * MINUTE) is Standing.OPEN
    assert standing_of(visit, is_staff=False, at=NOW + 60 * MINUTE) is Standing.OVER


def test_a_visit_is_only_its_own_accounts(sam: User) -> None:
    visit = begin(sam)

    assert visit_of(key=visit.pk, account=sam.pk) == visit
    assert visit_of(key=visit.pk, account=an_account().pk) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156 Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/156 Safari/537", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Chrome/156 Edg/156", "Edge on Mac"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_a_device_is_named_in_plain_words_and_nothing_finer_is_kept(
    agent: str, words: str
) -> None:
    assert device_words(agent) == words


def test_one_other_visit_is_ended_or_all_but_this(sam: User) -> None:
    here, phone, tablet = begin(sam), begin(sam), begin(sam)

    assert end_visits(account=sam, by=sam, at=NOW, only=phone.pk, but=here.pk) == 1
    assert set(open_visits(sam, at=NOW)) == {here, tablet}
    assert end_visits(account=sam, by=sam, at=NOW, but=here.pk) == 1
    assert set(open_visits(sam, at=NOW)) == {here}
    assert AuditEvent.objects.filter(verb="accounts.visit.end").count() == 2


def test_ending_nothing_leaves_no_row(sam: User) -> None:
    assert end_visits(account=sam, by=sam, at=NOW) == 0
    assert not AuditEvent.objects.exists()


def test_nobody_ends_the_visits_of_somebody_else_but_a_host(sam: User) -> None:
    begin(sam)

    with pytest.raises(PermissionDenied, match="Only a host"):
        end_visits(account=sam, by=an_account(Role.CLINICIAN), at=NOW)
    assert end_visits(account=sam, by=a_host(), at=NOW) == 1


def test_a_new_role_ends_every_visit_and_a_role_held_already_ends_none(sam: User) -> None:
    host = a_host()
    begin(sam)
    grant_role(user=sam, role=Role.PATIENT, by=host, at=NOW)
    assert open_visits(sam, at=NOW).count() == 1

    grant_role(user=sam, role=Role.LEARNER, by=host, at=NOW)

    assert open_visits(sam, at=NOW).count() == 0


def test_closing_an_account_ends_its_visits_roles_and_links(sam: User) -> None:
    begin(sam)

    close_account(account=sam, by=a_host(), at=NOW, reason="left the practice")

    sam = User.objects.get(pk=sam.pk)
    assert not sam.is_active
    assert sam.roles == frozenset()
    assert open_visits(sam, at=NOW).count() == 0
    last = AuditEvent.objects.order_by("-number").first()
    assert last is not None
    assert (last.verb, last.reason) == ("accounts.account.close", "left the practice")


def test_only_a_host_closes_an_account_and_never_their_own(sam: User) -> None:
    host = a_host()

    with pytest.raises(PermissionDenied, match="Only a host can close"):
        close_account(account=sam, by=an_account(Role.CLINICIAN), at=NOW)
    with pytest.raises(PermissionDenied, match="ask another host"):
        close_account(account=host, by=host, at=NOW)


def test_visits_long_over_are_forgotten(sam: User) -> None:
    begin(sam)

    assert forget_old_visits(at=NOW + timedelta(days=30)) == 0
    assert forget_old_visits(at=NOW + timedelta(days=31)) == 1
