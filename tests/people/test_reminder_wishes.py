"""When somebody wants reminders.

At a time of their own, not in their quiet hours, not while they pause; on the wall clock
where they live, also when that clock is changed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.people.accounts.models import Role, User
from securebase.people.post.actions import choose_reminder_times
from securebase.people.post.figures import longest_pause
from securebase.people.post.models import ReminderWishes
from securebase.people.post.queries import wishes_of
from securebase.people.post.wishes import Wishes
from tests import factories as make

LONDON, BERLIN = "Europe/London", "Europe/Berlin"
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_nothing_chosen_means_at_once() -> None:
    assert Wishes().not_before(opened=MORNING, at=MORNING, zone=LONDON) is None


@pytest.mark.parametrize(
    ("opened", "zone", "wanted"),
    [
        (MORNING, LONDON, datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        (MORNING, BERLIN, datetime(2026, 11, 23, 17, 30, tzinfo=UTC)),
        (MORNING.replace(hour=19), LONDON, datetime(2026, 11, 24, 18, 30, tzinfo=UTC)),
        # The night before, clocks in London went forward an hour.
        (
            datetime(2026, 3, 29, 9, tzinfo=UTC),
            LONDON,
            datetime(2026, 3, 29, 17, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_chosen_time_is_the_next_one_on_the_wall_clock(
    opened: datetime, zone: str, wanted: datetime
) -> None:
    assert Wishes(at_time=time(18, 30)).wanted_at(opened, zone=zone) == wanted


@pytest.mark.parametrize(
    ("hour", "over"), [(12, None), (13, 15), (14, 15), (15, None), (22, None)]
)
def test_quiet_hours_end_when_they_were_said_to_end(hour: int, over: int | None) -> None:
    wishes = Wishes(quiet_from=time(13), quiet_until=time(15))

    ends = wishes.quiet_over(MORNING.replace(hour=hour), zone=LONDON)

    assert ends == (MORNING.replace(hour=over) if over else None)


@pytest.mark.parametrize(("hour", "days"), [(23, 1), (6, 0)])
def test_quiet_hours_may_go_over_midnight(hour: int, days: int) -> None:
    wishes = Wishes(quiet_from=time(20), quiet_until=time(7))

    ends = wishes.quiet_over(MORNING.replace(hour=hour), zone=LONDON)

    assert ends == MORNING.replace(hour=7) + timedelta(days=days)


def test_a_reminder_that_waited_long_enough_goes() -> None:
    wishes = Wishes(at_time=time(18, 30), quiet_from=time(13), quiet_until=time(15))
    wanted = MORNING.replace(hour=18, minute=30)

    assert wishes.not_before(opened=MORNING, at=MORNING, zone=LONDON) == wanted
    assert wishes.not_before(opened=MORNING, at=wanted, zone=LONDON) is None


def test_a_pause_lasts_to_the_end_of_its_day() -> None:
    wishes = Wishes(paused_until=date(2026, 11, 23))
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert wishes.is_paused(late, zone=LONDON)
    assert not wishes.is_paused(late, zone=BERLIN)


@pytest.fixture
def sam(db: None) -> User:
    """Return the account of a patient."""
    return make.an_account(Role.PATIENT)


def chosen(sam: User, wishes: Wishes, *, by: User | None = None) -> ReminderWishes:
    """Choose on the Monday of the tests."""
    return choose_reminder_times(
        account=sam, wishes=wishes, today=make.TODAY, by=by or sam, at=make.NOW
    )


def test_what_is_chosen_last_holds(sam: User) -> None:
    chosen(sam, Wishes(at_time=time(18, 30)))
    chosen(sam, Wishes(quiet_from=time(13), quiet_until=time(15)))

    assert wishes_of(sam) == Wishes(quiet_from=time(13), quiet_until=time(15))
    assert str(ReminderWishes.objects.get()) == "wishes about reminders of 23 Nov 2026"


def test_who_chose_nothing_wishes_for_nothing(sam: User) -> None:
    assert wishes_of(sam) == Wishes()


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        (Wishes(quiet_from=time(13)), "quiet_until"),
        (Wishes(quiet_until=time(13)), "quiet_until"),
        (Wishes(quiet_from=time(13), quiet_until=time(13)), "quiet_until"),
        (Wishes(at_time=time(3)), "at_time"),
        (Wishes(at_time=time(22)), "at_time"),
        (Wishes(at_time=time(14), quiet_from=time(13), quiet_until=time(15)), "at_time"),
        (Wishes(paused_until=make.TODAY - timedelta(days=1)), "paused_until"),
        (Wishes(paused_until=make.TODAY + longest_pause() + timedelta(1)), "paused_until"),
    ],
)
def test_what_cannot_be_meant_is_refused(sam: User, wishes: Wishes, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        chosen(sam, wishes)

    assert set(refused.value.message_dict) == {field}
    assert not ReminderWishes.objects.exists()


def test_nobody_chooses_for_somebody_else(sam: User) -> None:
    with pytest.raises(PermissionDenied):
        chosen(sam, Wishes(), by=make.a_host())
