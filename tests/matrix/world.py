"""One practice with everybody who might ask, and two records with one of everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator

from securebase.clinic.care.actions import begin_care, note_read
from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.emergency import Ground, begin_emergency
from securebase.clinic.care.exclusion import keep_out
from securebase.clinic.care.models import Patient
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.consent.actions import grant
from securebase.clinic.consent.models import Proposal
from securebase.clinic.consent.supporters import add_supporter
from securebase.clinic.consent.words import SUPPORT
from securebase.clinic.episodes.models import Signal
from securebase.clinic.formulation.actions import set_goal, write_formulation
from securebase.clinic.formulation.words import Parts
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.guidance.talking import mark_for_supervision
from securebase.clinic.measurement.models import Response
from securebase.clinic.notes.actions import Said, begin_note, keep_note, sign_note
from securebase.clinic.notes.apart import begin_apart
from securebase.clinic.notes.promising import promise
from securebase.clinic.notes.showing import show_apart, supervisors_for
from securebase.clinic.practice.actions import keep_doing, keep_in_kit
from securebase.clinic.practice.entries import Done, Kept
from securebase.clinic.said.actions import Seen, Words, begin_draft, bring, keep_draft, send
from securebase.clinic.said.feelings import Named, name_feeling
from securebase.clinic.said.models import Draft
from securebase.clinic.therapy import working
from securebase.clinic.therapy.actions import note_rupture, plan_session
from securebase.clinic.therapy.repairing import say_spoken_of
from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from securebase.stories.raise_concern import raise_concern
from tests import factories as make
from tests.clinic.sharing import a_partner, shares, terms

SAM, ALEX, NOTHING = "sam", "alex", "nothing"

OWN: dict[str, set[str]] = {
    "nobody": set(),
    "sam": {SAM},
    "alex": {ALEX},
    "of record": {SAM},
    "other": {ALEX},
    "covering": {SAM},
    "emergency": {SAM},
    "supervisor": {SAM},
    "partner": {SAM},
    "host": set(),
    "learner": set(),
    "kept out": set(),
    "supporter": {SAM},
}
"""Everybody who asks, and whose record something of is open to them."""


@dataclass(frozen=True)
class World:
    """Accounts by the name of their part, and ids by record and model."""

    people: dict[str, User | None]
    ids: dict[str, dict[str, UUID | int]]


def a_world() -> World:
    """Return the practice on a Monday morning."""
    make.a_practice()
    jo, else_ = make.a_clinician("Dr Jo Marsh"), make.a_clinician("Dr Else Berg")
    people: dict[str, User | None] = {
        "nobody": None,
        "of record": jo,
        "other": else_,
        "covering": make.a_clinician("Dr Kit Lane"),
        "emergency": make.a_clinician("Dr Uma Frey"),
        "supervisor": make.an_account(Role.SUPERVISOR, name="Dr Sol Ray"),
        "host": make.a_host(),
        "learner": make.an_account(Role.LEARNER),
        "kept out": make.a_clinician("Dr Kit Hall"),
        "supporter": make.an_account(Role.SUPPORTER, name="Mara Reed"),
    }
    sam, alex = make.a_patient(of=jo), make.a_patient(of=else_, name="Alex Poe")
    people |= {"sam": make.the_account(sam), "alex": make.the_account(alex)}
    ids = {
        whose: one_of_everything(patient, clinician, people)
        for whose, patient, clinician in ((SAM, sam, jo), (ALEX, alex, else_))
    }
    fresh = {n: User.objects.get(pk=user.pk) if user else None for n, user in people.items()}
    for user in filter(None, fresh.values()):
        kind = Authenticator.Type.TOTP
        Authenticator.objects.get_or_create(user=user, type=kind, defaults={"data": {}})
    kinds = {k: uuid4() if isinstance(pk, UUID) else 10**6 for k, pk in ids[SAM].items()}
    return World(people=fresh, ids=ids | {NOTHING: kinds})


def one_of_everything(
    patient: Patient, clinician: User, people: dict[str, User | None]
) -> dict[str, UUID | int]:
    """Fill a record; return the id of one thing of each model that has an address."""
    sent = make.a_checkin(patient, "session-check-in", "phq-9", at=make.NOW)
    given: dict[str, int | str | None] = {f"phq-9.{n}": 3 for n in range(1, 10)}
    make.send(sent, given | {"session-check-in.tension": 4}, at=make.NOW)
    at = {"by": clinician, "at": make.NOW}
    session = plan_session(
        patient=patient,
        clinician=clinician,
        starts_at=make.NOW,
        **at,  # type: ignore[arg-type]
    )
    rupture = note_rupture(patient=patient, kind="withdrawal", note="", **at)  # type: ignore[arg-type]
    say_spoken_of(rupture=rupture, **at)  # type: ignore[arg-type]
    signal = Signal.objects.filter(patient=patient, suggestions__isnull=False).first()
    suggestion = Suggestion.objects.filter(patient=patient).first()
    assert signal is not None
    assert suggestion is not None
    return {
        "care.Patient": patient.pk,
        "checkins.CheckIn": sent.pk,
        "measurement.Response": Response.objects.filter(patient=patient).earliest("pk").pk,
        "therapy.TherapySession": session.pk,
        "therapy.Rupture": rupture.pk,
        "episodes.Signal": signal.pk,
        "guidance.Suggestion": suggestion.pk,
        **ties(patient, clinician, people),
        **close_and_kept_out(patient, clinician, people),
        **understood(patient, clinician),
        **doubts(patient, clinician),
        **words_of(patient),
        **kit_of(patient),
        **written_on(patient, clinician),
    }


def understood(patient: Patient, clinician: User) -> dict[str, UUID | int]:
    """Write down what is understood, a goal, and a question for supervision."""
    at = {"by": clinician, "at": make.NOW}
    version = write_formulation(patient=patient, parts=Parts(need="Calm"), seen=0, **at)  # type: ignore[arg-type]
    goal = set_goal(patient=patient, words="Sleep", **at)  # type: ignore[arg-type]
    mark = mark_for_supervision(patient=patient, question="", **at)  # type: ignore[arg-type]
    return {
        "formulation.Formulation": version.pk,
        "formulation.Goal": goal.pk,
        "guidance.AgendaMark": mark.pk,
    }


def written_on(patient: Patient, clinician: User) -> dict[str, UUID | int]:
    """Let the clinician write notes, promise something and bring something."""
    at = {"by": clinician, "at": make.NOW}
    draft, signed = (
        begin_note(patient=patient, shape="free", **at)  # type: ignore[arg-type]
        for _ in range(2)
    )
    keep_note(draft=signed, said=Said(1, {"note": "We met."}), **at)  # type: ignore[arg-type]
    note = sign_note(draft=signed, version=2, **at)  # type: ignore[arg-type]
    apart = begin_apart(patient=patient, **at)  # type: ignore[arg-type]
    (supervisor,) = supervisors_for(apart, at=make.NOW)
    show_apart(note=apart, supervisor=supervisor, **at)  # type: ignore[arg-type]
    due_at = make.NOW + timedelta(days=2)
    made = promise(patient=patient, kind="reply", text="", due_at=due_at, **at)  # type: ignore[arg-type]
    item = working.bring(patient=patient, text="The move", **at)  # type: ignore[arg-type]
    return {
        "notes.NoteDraft": draft.pk,
        "notes.Note": note.pk,
        "notes.ProcessNote": apart.pk,
        "notes.Promise": made.pk,
        "therapy.AgendaItem": item.pk,
    }


def ties(
    patient: Patient, clinician: User, people: dict[str, User | None]
) -> dict[str, UUID | int]:
    """Tie others to the record; those of Alex are other people than those of Sam."""
    sams = people["sam"] == patient.account

    def role_of(name: str, made: Callable[[], User]) -> User:
        user = people.get(name) if sams else None
        return user or made()

    days = Days(make.TODAY, make.TODAY + timedelta(days=7), "Europe/London")
    (cover,) = arrange_cover(
        patients=[patient],
        colleague=role_of("covering", make.a_clinician),
        days=days,
        by=clinician,
        at=make.NOW,
    )
    contract = agree_on_supervision(
        supervisor=role_of("supervisor", lambda: make.an_account(Role.SUPERVISOR)),
        supervisee=clinician,
        days=days,
        by=clinician,
        at=make.NOW,
    )
    emergency, _ = begin_emergency(
        patient=patient,
        ground=Ground(kind="danger", reason="Found unconscious at home"),
        by=role_of("emergency", make.a_clinician),
        at=make.NOW,
    )
    partner = a_partner(patient)
    if sams:
        people["partner"] = partner
    consent = shares(patient, partner, Category.MEASURE)
    proposal = Proposal.objects.get(patient=patient)
    return {
        "care.Care": cover.pk,
        "care.Supervision": contract.pk,
        "care.Emergency": emergency.pk,
        "consent.Entry": consent.pk,
        "consent.Proposal": proposal.pk,
        "accounts.User": partner.pk,
    }


def close_and_kept_out(
    patient: Patient, clinician: User, people: dict[str, User | None]
) -> dict[str, UUID | int]:
    """Let somebody close be shown the steps, and a colleague who treats too be kept out.

    The bond is made afterwards, behind the exclusion's back: it must open nothing.
    """
    sams, by = people["sam"] == patient.account, make.the_account(patient)
    near = people["supporter"] if sams else make.an_account(Role.SUPPORTER)
    out = people["kept out"] if sams else make.a_clinician()
    assert near is not None
    assert out is not None
    asked = add_supporter(
        patient=patient, account=near, name="M", called="S", by=by, at=make.NOW
    )
    steps = terms(Category.PLAN, purpose=SUPPORT)
    grant(patient=patient, recipient=near, terms=steps, by=by, at=make.NOW)
    line = keep_out(patient=patient, person=out, by=by, at=make.NOW)
    begin_care(patient=patient, clinician=out, by=clinician, at=make.NOW)
    return {"consent.Supporter": asked.pk, "care.Exclusion": line.pk}


def doubts(patient: Patient, clinician: User) -> dict[str, UUID | int]:
    """Let the clinician open the record, and the patient ask about it."""
    note_read(patient=patient, by=clinician, at=make.NOW)
    event = AuditEvent.objects.filter(patient=patient.pk, verb="care.record.read").last()
    assert event is not None
    by = make.the_account(patient)
    concern = raise_concern(patient=patient, event=event, words="", by=by, at=make.NOW)
    return {"audit.AuditEvent": event.number, "audit.Concern": concern.pk}


def kit_of(patient: Patient) -> dict[str, UUID | int]:
    """Let the patient keep words in the kit and do an exercise."""
    by = make.the_account(patient)
    entry = keep_in_kit(
        patient=patient, kept=Kept(kind="words", title="Sea"), by=by, at=make.NOW
    )
    done = Done(key=uuid4(), exercise="five-senses", before=8, after=5)
    doing = keep_doing(patient=patient, done=done, by=by, at=make.NOW)
    return {"practice.KitEntry": entry.pk, "practice.Doing": doing.pk}


def words_of(patient: Patient) -> dict[str, UUID | int]:
    """Let the patient keep, bring and send words, and name a feeling."""
    by = make.the_account(patient)
    kept, brought, sent = (_draft(patient, by, about) for about in ("need", "fear", "other"))
    given = bring(draft=brought, whole=True, by=by, at=make.NOW)
    seen = Seen(sent.version)
    message = send(draft=sent, seen=seen, wants_answer=True, by=by, at=make.NOW)
    feeling = name_feeling(
        patient=patient, named=Named("tense"), shown=False, by=by, at=make.NOW
    )
    return {
        "said.Draft": kept.pk,
        "said.Brought": given.pk,
        "said.Message": message.pk,
        "said.Feeling": feeling.pk,
    }


def _draft(patient: Patient, by: User, about: str) -> Draft:
    draft = begin_draft(patient=patient, about=about, by=by, at=make.NOW)
    said, seen = Words("A title", "Some words"), Seen(draft.version)
    return keep_draft(draft=draft, said=said, seen=seen, by=by, at=make.NOW)
