"""Strains and their repair.

A strain is noticed by a rating, by the clinician, or raised by the patient. Its log only
grows. It stays open until the patient says it is mended, or a clinician closes it with a
reason.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import (
    How,
    note_rupture,
    plan_session,
    repair_rupture,
    say_mended,
)
from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.queries import strains_told_to, strains_unanswered
from securebase.clinic.therapy.repairing import (
    Lines,
    raise_strain,
    say_how_far,
    say_spoken_of,
    write_log,
)
from securebase.science.errors import UnknownName
from tests.clinic.conftest import LATER, World

STEPS = {"marker": "She went quiet.", "wish": "To be asked.", "action": "I asked."}


@pytest.fixture
def strain(world: World) -> Rupture:
    return note_rupture(
        patient=world.patient,
        kind="withdrawal",
        note="",
        by=world["clinician of record"],
        at=LATER,
        how=How("short-answers"),
    )


def test_a_marker_of_the_other_family_is_refused(world: World) -> None:
    who = {"by": world["clinician of record"], "at": LATER}

    with pytest.raises(ValidationError, match="belongs to confrontation"):
        note_rupture(
            patient=world.patient,
            kind="withdrawal",
            note="",
            how=How("takes-over"),
            **who,  # type: ignore[arg-type]
        )
    with pytest.raises(UnknownName, match="No marker of a strain"):
        How("sulks").check_fits(Rupture.Kind.WITHDRAWAL)


def test_the_log_grows_line_by_line_and_keeps_its_session(
    world: World, strain: Rupture
) -> None:
    clinician = world["clinician of record"]
    session = plan_session(
        patient=world.patient, clinician=clinician, starts_at=LATER, by=clinician, at=LATER
    )

    write_log(rupture=strain, lines=Lines(STEPS, 2, session), by=clinician, at=LATER)
    write_log(rupture=strain, lines=Lines(resolved=4), by=clinician, at=LATER)

    entries = list(strain.entries.order_by("step", "resolved"))
    assert [(e.step, e.words, e.resolved, e.session_id) for e in entries] == [
        ("action", "I asked.", None, session.pk),
        ("marker", "She went quiet.", None, session.pk),
        ("resolved", "", 2, session.pk),
        ("resolved", "", 4, None),
        ("wish", "To be asked.", None, session.pk),
    ]


def test_a_session_with_somebody_else_does_not_belong_to_the_log(
    world: World, strain: Rupture
) -> None:
    other = world["clinician of somebody else"]
    session = plan_session(
        patient=world.other, clinician=other, starts_at=LATER, by=other, at=LATER
    )

    with pytest.raises(ValidationError, match="somebody else"):
        write_log(
            rupture=strain,
            lines=Lines(STEPS, session=session),
            by=world["clinician of record"],
            at=LATER,
        )


def test_an_empty_log_entry_and_numbers_off_the_scale_are_refused(
    world: World, strain: Rupture
) -> None:
    with pytest.raises(ValidationError, match="Nothing is written"):
        write_log(rupture=strain, lines=Lines(), by=world["clinician of record"], at=LATER)
    with pytest.raises(ValidationError, match="Resolved is 6; it goes from 1 to 5"):
        Lines(resolved=6)
    with pytest.raises(ValidationError, match="at most 1000"):
        Lines({"wish": "x" * 1001})


def test_the_patient_knows_of_a_strain_once_it_was_spoken_of(
    world: World, strain: Rupture
) -> None:
    assert not strains_told_to(world.patient).exists()

    say_spoken_of(rupture=strain, by=world["clinician of record"], at=LATER)

    assert strains_told_to(world.patient).get() == strain


def test_a_patient_raises_it_unasked_and_it_waits_until_spoken_of(world: World) -> None:
    raised = raise_strain(
        patient=world.patient, words=" You looked at the clock. ", by=world["patient"], at=LATER
    )
    mine = Patient.objects.filter(pk=world.patient.pk)

    assert raised.entries.get().words == "You looked at the clock."
    assert strains_unanswered(mine).get() == raised
    say_spoken_of(rupture=raised, by=world["clinician of record"], at=LATER)
    assert not strains_unanswered(mine).exists()


@pytest.mark.parametrize("who", ["clinician of record", "another patient", "host"])
def test_nobody_raises_it_in_a_patients_name(world: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        raise_strain(patient=world.patient, words="", by=world[who], at=LATER)


def test_it_stays_open_however_far_it_is_until_the_patient_says_it_is_mended(
    world: World, strain: Rupture
) -> None:
    say_how_far(rupture=strain, resolved=5, by=world["patient"], at=LATER)
    strain.refresh_from_db()
    assert strain.is_open

    mended = say_mended(rupture=strain, by=world["patient"], at=LATER + timedelta(hours=1))
    assert mended.repaired_by == world["patient"]


@pytest.mark.parametrize(
    "who",
    ["clinician of somebody else", "another patient", "host", "clinician whose bond ended"],
)
def test_somebody_elses_strain_is_not_closed_or_written_about(
    world: World, strain: Rupture, who: str
) -> None:
    person = world[who]

    with pytest.raises(PermissionDenied):
        repair_rupture(rupture=strain, because="x", by=person, at=LATER + timedelta(days=11))
    with pytest.raises(PermissionDenied):
        say_mended(rupture=strain, by=person, at=LATER)
    with pytest.raises(PermissionDenied):
        write_log(rupture=strain, lines=Lines(STEPS), by=person, at=LATER + timedelta(days=11))


def test_a_clinician_who_closes_it_says_why(world: World, strain: Rupture) -> None:
    clinician = world["clinician of record"]

    with pytest.raises(ValidationError, match="say in 1 to 1000 why"):
        repair_rupture(rupture=strain, because=" ", by=clinician, at=LATER)
    repair_rupture(rupture=strain, because="She moved away.", by=clinician, at=LATER)

    assert strain.entries.get().words == "She moved away."
    with pytest.raises(PermissionDenied, match="already repaired"):
        write_log(rupture=strain, lines=Lines(STEPS), by=clinician, at=LATER)
