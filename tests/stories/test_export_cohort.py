"""Exporting everybody together, with nobody named.

What leaves holds no name, no address, no id of the practice's, no date and no word anybody
wrote; everybody is like enough others in what could be known from outside.
"""

from __future__ import annotations

import re
import stat
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from django.core.exceptions import PermissionDenied

from securebase.cli.export_cohort import yardstick
from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.therapy.actions import close_session, note_rupture, plan_session
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.science.cohort.alike import smallest_group
from securebase.science.cohort.form import the_form
from securebase.science.errors import BadInput
from securebase.stories.cohort.export_cohort import Exported, export_cohort
from tests.factories import NOW, a_checkin, a_clinician, a_host, a_patient, a_practice, send

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "Xanthippe Quillfeather"
SECRET = "the lighthouse at Skerryvore"
LATER = NOW + timedelta(weeks=20)
ANSWERS: dict[str, int | str | None] = {f"phq-9.{i}": 2 for i in range(1, 10)}
DATE = re.compile(rb"20[23]\d-\d\d|(19|20)\d\d[01]\d[0-3]\d")


@pytest.fixture
def clinician() -> User:
    """Return a clinician with six people in care, one of them with much to tell."""
    a_practice()
    clinician = a_clinician(name="Dr Philomena Vantongeren")
    for number in range(6):
        patient = a_patient(of=clinician, name=f"{CANARY} {number}")
        episode = open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=12)
        send(a_checkin(patient, "phq-9"), dict(ANSWERS), at=NOW + timedelta(hours=1))
        if number == 0:
            _live(patient, episode, clinician)
    return clinician


def _live(patient: Patient, episode: Episode, by: User) -> None:
    """Give a person a session, a strain and a signal, with words nobody else may read."""
    at = NOW + timedelta(days=15)
    session = plan_session(patient=patient, clinician=by, starts_at=at, by=by, at=NOW)
    close_session(
        session=session, state=TherapySession.State.HELD, by=by, at=at + timedelta(hours=2)
    )
    note_rupture(patient=patient, kind="withdrawal", note=SECRET, by=by, at=at)
    signal = Signal.objects.create(
        episode=episode,
        patient=patient,
        kind="RUP",
        rule="R1",
        tier="look",
        raised_at=at,
        because=[{"label": SECRET, "value": SECRET, "at": None}],
    )
    act_on_signal(signal=signal, act="closed", by=by, at=at, reason=SECRET)


def exported(folder: Path, **more: Any) -> Exported:
    """Export for tests: seeded, by nobody but the machine."""
    told = {"by": None, "at": LATER, "draws": Random(1), "yardstick": yardstick}  # noqa: S311
    return export_cohort(folder, **(told | more))


def table(folder: Path, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of one table of an export."""
    return duckdb.read_parquet(str(folder / f"{name}.parquet")).fetchall()


def everything(folder: Path) -> bytes:
    """Return all that an export says: its files as they are, and the tables as text."""
    raw = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    rows = [str(table(folder, name)).encode() for name in the_form().tables]
    return b"\n".join([raw, *rows])


def test_no_name_address_id_date_or_word_leaves(clinician: User, tmp_path: Path) -> None:
    exported(tmp_path / "out")

    said = everything(tmp_path / "out")
    users = User.objects.all()
    ids = [one.pk for model in (User, Patient, Episode, Signal) for one in model.objects.all()]
    forbidden = [
        *(word for user in users for word in (user.email, *user.name.split())),
        *CANARY.split(),
        *SECRET.split()[1::2],
        *(form for one in ids for form in (str(one), one.hex)),
    ]
    assert [word for word in forbidden if len(word) > 3 and word.encode() in said] == []
    assert DATE.findall(said) == []


def test_what_leaves_is_told_in_weeks_since_the_start(clinician: User, tmp_path: Path) -> None:
    done = exported(tmp_path / "out")

    assert done.rows["people"] == 6
    [(person, week, state, *_)] = table(tmp_path / "out", "sessions")
    assert (week, state) == (2, "held")
    assert [row[:2] for row in table(tmp_path / "out", "ruptures")] == [(person, 2)]
    assert (person, 2, "closed") in [
        (p, w, a) for p, _, w, a, _ in table(tmp_path / "out", "acts")
    ]
    scores = table(tmp_path / "out", "scores")
    assert {row[2:] for row in scores if row[1] == "phq-9.total"} == {(1, 0, 18.0, "scored")}


def test_measures_bring_what_judges_them(clinician: User, tmp_path: Path) -> None:
    exported(tmp_path / "out")

    measures = {row[0]: row[1:] for row in table(tmp_path / "out", "measures")}
    better, reliable, cutoff, _ = measures["phq-9.total"]
    assert better == "lower"
    assert reliable == yardstick("phq-9.total").reliable
    assert cutoff == yardstick("phq-9.total").cutoff


def test_everybody_is_like_enough_others(clinician: User, tmp_path: Path) -> None:
    one = Patient.objects.first()
    assert one is not None
    Patient.objects.filter(pk=one.pk).update(language="cy")
    form = the_form()

    exported(tmp_path / "out")

    rows = table(tmp_path / "out", "people")
    people = [dict(zip(form.names("people"), row, strict=True)) for row in rows]
    assert len(people) == 6
    assert smallest_group(people, form.alike) >= form.least_alike
    assert "cy" not in {one["language"] for one in people}


def test_ids_are_drawn_anew_each_time(clinician: User, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exported(tmp_path / name, draws=None)

    first, second = ({row[0] for row in table(tmp_path / n, "people")} for n in ("one", "two"))
    assert len(first) == 6
    assert first.isdisjoint(second)


def test_the_same_seed_writes_the_same_rows(clinician: User, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exported(tmp_path / name)

    for name in the_form().tables:
        assert table(tmp_path / "one", name) == table(tmp_path / "two", name)


def test_it_is_for_its_owner_alone_and_on_the_trail(clinician: User, tmp_path: Path) -> None:
    host = a_host()

    exported(tmp_path / "out", by=host)

    files = [tmp_path / "out", *(tmp_path / "out").iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files} == {0}
    row = AuditEvent.objects.get(verb=Verb.COHORT_EXPORT)
    assert (row.actor, row.patient, row.category) == (host.pk, None, "measure")


def test_a_clinician_may_not(clinician: User, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied, match="Only a host"):
        exported(tmp_path / "out", by=clinician)

    assert list(tmp_path.iterdir()) == []


def test_too_few_people_are_not_exported_and_nothing_is_left(tmp_path: Path) -> None:
    a_practice()

    with pytest.raises(BadInput, match="fewer than 5"):
        exported(tmp_path / "out")

    assert list(tmp_path.iterdir()) == []
    assert not AuditEvent.objects.filter(verb=Verb.COHORT_EXPORT).exists()


def test_nothing_is_overwritten(clinician: User, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="already there"):
        exported(tmp_path)
    with pytest.raises(BadInput, match="is no folder"):
        exported(tmp_path / "not" / "there")


def test_without_duckdb_it_says_what_to_install(
    clinician: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)

    with pytest.raises(BadInput, match=r"securebase\[analytics\]"):
        exported(tmp_path / "out")


def test_an_id_drawn_twice_is_drawn_again(clinician: User, tmp_path: Path) -> None:
    class Poor:
        """Draws every number three times."""

        def __init__(self) -> None:
            self.calls = 0

        def getrandbits(self, k: int, /) -> int:
            self.calls += 1
            return self.calls // 3

    exported(tmp_path / "out", draws=Poor())

    assert len({row[0] for row in table(tmp_path / "out", "people")}) == 6


@pytest.mark.parametrize(
    ("planned", "state"), [(None, "ended"), (1, "completed"), (2, "ended_early")]
)
def test_how_care_ended_is_told_by_the_sessions_that_were_planned(
    clinician: User, tmp_path: Path, planned: int | None, state: str
) -> None:
    for patient in Patient.objects.all():
        at = NOW + timedelta(days=16)
        session = plan_session(
            patient=patient, clinician=clinician, starts_at=at, by=clinician, at=NOW
        )
        TherapySession.objects.filter(patient=patient).exclude(pk=session.pk).delete()
        close_session(
            session=session,
            state=TherapySession.State.HELD,
            by=clinician,
            at=at + timedelta(hours=2),
        )
    Episode.objects.update(closed_at=NOW + timedelta(weeks=9), planned_sessions=planned)

    exported(tmp_path / "out")

    care = the_form().names("people").index("care")
    assert {row[care] for row in table(tmp_path / "out", "people")} == {state}


def test_what_comes_after_the_end_of_care_is_left_out(clinician: User, tmp_path: Path) -> None:
    Episode.objects.update(closed_at=NOW + timedelta(days=3))

    exported(tmp_path / "out")

    assert table(tmp_path / "out", "scores") != []
    for name in ("sessions", "ruptures", "acts"):
        assert table(tmp_path / "out", name) == []
    assert "RUP" not in {row[3] for row in table(tmp_path / "out", "signals")}


def test_everybodys_last_span_of_care_is_told(clinician: User, tmp_path: Path) -> None:
    first = Episode.objects.order_by("pk").first()
    assert first is not None
    Episode.objects.filter(pk=first.pk).update(closed_at=NOW + timedelta(weeks=3))
    open_episode(
        patient=first.patient, by=clinician, at=NOW + timedelta(weeks=4), planned_sessions=None
    )

    exported(tmp_path / "out")

    assert len(table(tmp_path / "out", "people")) == 6
    assert len({row[0] for row in table(tmp_path / "out", "scores")}) == 5
