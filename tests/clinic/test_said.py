"""Words: kept, brought, sent and answered.

A draft is its writer's alone: no list that anybody else may ask reaches it, and what is
brought or sent is a copy. Who reads it, by when, and when an answer comes is promised
before sending and kept with the message.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from securebase.clinic.care.actions import promise_reading
from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Care
from securebase.clinic.consent.words import offered
from securebase.clinic.said import actions
from securebase.clinic.said.models import Brought, Draft, Message
from securebase.clinic.said.promise import promise_for
from securebase.clinic.said.queries import (
    brought_visible_to,
    drafts_visible_to,
    messages_visible_to,
    new_answers,
    promises_of_answers,
)
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.stories.words_waiting import words_waiting
from tests import factories as make
from tests.clinic.conftest import LATER, World
from tests.clinic.sharing import a_partner, shares

FEAR = "I am afraid that you will leave."


def a_draft(world: World, words: str = FEAR, title: str = "About breaks") -> Draft:
    """Return a draft of the patient with some words on it."""
    own: dict[str, Any] = {"by": world["patient"], "at": LATER}
    draft = actions.begin_draft(patient=world.patient, about="fear", **own)
    return actions.keep_draft(
        draft=draft,
        said=actions.Words(title, words),
        seen=actions.Seen(draft.version),
        **own,
    )


def a_message(world: World, *, wants_answer: bool = True) -> Message:
    """Return what the patient sent."""
    draft = a_draft(world)
    return actions.send(
        draft=draft,
        seen=actions.Seen(draft.version),
        wants_answer=wants_answer,
        by=world["patient"],
        at=LATER,
    )


def test_a_draft_is_seen_by_nobody_but_its_writer(world: World) -> None:
    draft = a_draft(world)

    seen = {name for name, user in world.people.items() if draft in _drafts(user)}

    assert seen == {"patient"}


def _drafts(user: User) -> list[Draft]:
    return list(drafts_visible_to(user, at=LATER))


def test_the_words_of_a_draft_are_sealed_in_the_database(world: World) -> None:
    draft = a_draft(world)

    with connection.cursor() as cursor:
        cursor.execute("SELECT title, words FROM said_draft")
        (row,) = cursor.fetchall()

    assert not any(b"afraid" in bytes(value) or b"breaks" in bytes(value) for value in row)
    assert Draft.objects.get(pk=draft.pk).words == FEAR


def test_no_list_a_clinician_asks_touches_the_table_of_drafts(world: World) -> None:
    a_draft(world)
    clinician = world["clinician of record"]

    with CaptureQueriesContext(connection) as asked:
        list(messages_visible_to(clinician, at=LATER))
        list(brought_visible_to(clinician, at=LATER))
        words_waiting(user=clinician, at=LATER)

    assert [query["sql"] for query in asked if "said_draft" in query["sql"]] == []


def test_only_the_patient_writes(world: World) -> None:
    for name in ("clinician of record", "another patient", "host"):
        with pytest.raises(PermissionDenied):
            actions.begin_draft(patient=world.patient, about="need", by=world[name], at=LATER)


def test_a_page_left_empty_is_used_again(world: World) -> None:
    own: dict[str, Any] = {"patient": world.patient, "by": world["patient"], "at": LATER}

    first = actions.begin_draft(about="need", **own)
    again = actions.begin_draft(about="need", **own)

    assert first == again


def test_two_devices_never_overwrite_each_other(world: World) -> None:
    draft = a_draft(world)
    own: dict[str, Any] = {
        "draft": draft,
        "seen": actions.Seen(draft.version),
        "by": world["patient"],
    }
    actions.keep_draft(said=actions.Words("", "From the phone"), at=LATER, **own)

    with pytest.raises(actions.ChangedElsewhere) as refused:
        actions.keep_draft(said=actions.Words("", "From the desk"), at=LATER, **own)

    assert refused.value.draft.words == "From the phone"


def test_a_page_may_keep_again_before_it_heard_of_its_own_last_keeping(world: World) -> None:
    draft, page = a_draft(world), uuid4()
    own: dict[str, Any] = {"draft": draft, "by": world["patient"], "at": LATER}
    seen = actions.Seen(draft.version, page)

    actions.keep_draft(said=actions.Words("", "One"), seen=seen, **own)
    kept = actions.keep_draft(said=actions.Words("", "One two"), seen=seen, **own)

    assert kept.words == "One two"


@pytest.mark.parametrize(("whole", "words"), [(False, ""), (True, FEAR)])
def test_what_is_brought_shows_only_as_much_as_is_allowed(
    world: World, whole: bool, words: str
) -> None:
    actions.bring(draft=a_draft(world), whole=whole, by=world["patient"], at=LATER)

    (brought,) = brought_visible_to(world["clinician of record"], at=LATER)

    assert (brought.title, brought.words) == ("About breaks", words)


def test_what_is_brought_can_be_taken_back_and_the_draft_stays(world: World) -> None:
    draft = a_draft(world)
    brought = actions.bring(draft=draft, whole=True, by=world["patient"], at=LATER)

    actions.take_back(brought=brought, by=world["patient"], at=LATER)

    assert not Brought.objects.exists()
    assert _drafts(world["patient"]) == [draft]


def test_what_was_talked_about_is_noted_once(world: World) -> None:
    brought = actions.bring(draft=a_draft(world), whole=False, by=world["patient"], at=LATER)
    actions.note_done(brought=brought, by=world["clinician of record"], at=LATER)

    with pytest.raises(PermissionDenied):
        actions.note_done(brought=brought, by=world["clinician of record"], at=LATER)


def test_a_message_reaches_whoever_treats_and_nobody_else(world: World) -> None:
    message = a_message(world)
    partner = a_partner(world.patient)
    shares(world.patient, partner, *_all_that_can_be_shared())

    seen = {n for n, u in world.people.items() if message in messages_visible_to(u, at=LATER)}

    assert seen == {"patient", "clinician of record", "covering clinician"}
    assert message not in messages_visible_to(partner, at=LATER)


def _all_that_can_be_shared() -> list[Category]:
    return sorted(offered().general)


def test_sending_keeps_what_was_promised_and_leaves_no_draft(world: World) -> None:
    promise = promise_for(world.patient, at=LATER)
    assert promise is not None

    message = a_message(world)

    assert (message.due_at, message.answer_due_at) == (promise.read_by, promise.answer_by)
    assert message.words == FEAR
    assert not Draft.objects.exists()


def test_sending_twice_is_sending_once(world: World) -> None:
    draft = a_draft(world)
    how: dict[str, Any] = {
        "seen": actions.Seen(draft.version),
        "by": world["patient"],
        "at": LATER,
    }
    same = Draft(pk=draft.pk, patient=draft.patient)

    first = actions.send(draft=draft, wants_answer=True, **how)
    again = actions.send(draft=same, wants_answer=True, **how)

    assert first == again
    assert Message.objects.count() == 1


def test_what_was_not_shown_is_not_sent(world: World) -> None:
    draft = a_draft(world)

    with pytest.raises(actions.ChangedElsewhere):
        actions.send(
            draft=draft,
            seen=actions.Seen(draft.version - 1),
            wants_answer=False,
            by=world["patient"],
            at=LATER,
        )


def test_nothing_is_sent_while_nobody_is_named_to_read_it(world: World) -> None:
    draft = a_draft(world)
    Care.objects.filter(clinician=world["clinician of record"]).update(until=LATER)

    with pytest.raises(ValidationError, match="Nobody is named"):
        actions.send(
            draft=draft,
            seen=actions.Seen(draft.version),
            wants_answer=True,
            by=world["patient"],
            at=LATER,
        )
    assert Draft.objects.exists()


def test_reading_is_noted_with_who_and_when_the_first_time(world: World) -> None:
    message, clinician = a_message(world), world["clinician of record"]

    actions.read_message(message=message, by=clinician, at=LATER)
    read = actions.read_message(message=message, by=clinician, at=LATER + timedelta(days=1))

    assert (read.read_at, read.read_by) == (LATER, clinician)
    assert AuditEvent.objects.filter(verb="said.message.read").count() == 2


def test_an_answer_is_given_once_by_whoever_treats(world: World) -> None:
    message, clinician = a_message(world), world["clinician of record"]
    with pytest.raises(PermissionDenied):
        actions.answer(message=message, words="Hello", by=world["covering clinician"], at=LATER)

    actions.answer(message=message, words="I stay.", by=clinician, at=LATER)

    with pytest.raises(PermissionDenied):
        actions.answer(message=message, words="And more", by=clinician, at=LATER)
    assert list(new_answers(world.patient)) == [message]


def test_an_answer_is_new_until_the_patient_has_opened_it(world: World) -> None:
    message = a_message(world)
    actions.answer(message=message, words="I stay.", by=world["clinician of record"], at=LATER)

    actions.see_answer(message=message, by=world["patient"], at=LATER)

    assert not new_answers(world.patient).exists()


def test_an_empty_answer_is_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="empty"):
        actions.answer(
            message=a_message(world), words=" ", by=world["clinician of record"], at=LATER
        )


def test_what_waits_is_first_to_be_read_and_then_to_be_answered(world: World) -> None:
    message, clinician = a_message(world), world["clinician of record"]
    (unread,) = words_waiting(user=clinician, at=LATER).waiting
    actions.read_message(message=message, by=clinician, at=LATER)
    (unanswered,) = words_waiting(user=clinician, at=LATER).waiting
    actions.answer(message=message, words="I stay.", by=clinician, at=LATER)

    assert (unread.to_answer, unread.due_at) == (False, message.due_at)
    assert (unanswered.to_answer, unanswered.due_at) == (True, message.answer_due_at)
    assert words_waiting(user=clinician, at=LATER).waiting == ()


def test_whoever_covers_is_asked_to_read_and_not_to_answer(world: World) -> None:
    message, covering = a_message(world), world["covering clinician"]
    assert len(words_waiting(user=covering, at=LATER).waiting) == 1

    actions.read_message(message=message, by=covering, at=LATER)

    assert words_waiting(user=covering, at=LATER).waiting == ()


def test_a_message_that_wants_no_answer_waits_for_none(world: World) -> None:
    message = a_message(world, wants_answer=False)
    actions.read_message(message=message, by=world["clinician of record"], at=LATER)

    assert words_waiting(user=world["clinician of record"], at=LATER).waiting == ()


@pytest.mark.parametrize(("hours_late", "kept"), [(-1, 1), (1, 0)])
def test_promised_answers_are_counted_and_those_in_time(
    world: World, hours_late: int, kept: int
) -> None:
    message = a_message(world)
    assert message.answer_due_at is not None
    when = message.answer_due_at + timedelta(hours=hours_late)
    actions.answer(message=message, words="Yes.", by=world["clinician of record"], at=when)

    mine = type(world.patient).objects.filter(pk=world.patient.pk)
    later = when + timedelta(days=1)

    assert promises_of_answers(mine, at=later, within=timedelta(days=28)) == (1, kept)


def test_while_a_colleague_stands_in_the_answer_waits_for_the_clinician(
    world: World,
) -> None:
    clinician, colleague = make.a_clinician("Dr Jo Marsh"), make.a_clinician("Dr Kit Lane")
    patient = make.a_patient(of=clinician)
    bond = patient.bonds.get()
    promise_reading(care=bond, days=[0, 3], reading_by=time(18), by=clinician, at=make.NOW)
    arrange_cover(
        patients=[patient],
        colleague=colleague,
        days=Days(make.TODAY, make.TODAY + timedelta(days=4), "Europe/London"),
        by=clinician,
        at=make.NOW,
    )

    promise = promise_for(patient, at=make.NOW)

    assert promise is not None
    assert (promise.reader, promise.answerer) == (colleague, clinician)
    assert promise.read_by == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert promise.answer_by == datetime(2026, 11, 30, 18, tzinfo=UTC)


def test_throwing_a_draft_away_leaves_only_a_row_without_words(world: World) -> None:
    draft = a_draft(world)
    actions.bring(draft=draft, whole=True, by=world["patient"], at=LATER)

    actions.throw_away(draft=draft, by=world["patient"], at=LATER)

    assert not Draft.objects.exists()
    assert not Brought.objects.exists()
    rows = AuditEvent.objects.filter(verb="said.draft.throw_away")
    assert not any("afraid" in str(vars(row)) for row in rows)
    assert rows.count() == 1


@pytest.mark.parametrize("words", [("x" * 81, ""), ("", "x" * 6001)])
def test_more_than_can_be_kept_is_refused_in_words(words: tuple[str, str]) -> None:
    with pytest.raises(ValidationError, match="can be kept"):
        actions.Words(*words)
