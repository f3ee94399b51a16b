"""The address of somebody else's record.

Every address that carries an id is asked, with ids that exist and with one that does
not, by everybody who has no business there. Both answers are the same to the byte:
nobody learns whether a record exists. The addresses come from the address table, so a
new one is asked from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.models import Proposal
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.therapy.actions import note_rupture, plan_session
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from tests.clinic.sharing import a_partner, shares
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    send,
    the_account,
)

pytestmark = pytest.mark.django_db

METHODS = ("get", "post")
ASKERS = (
    "nobody",
    "another patient",
    "another clinician",
    "a host",
    "another partner",
    "the patient",
)


@dataclass(frozen=True, slots=True)
class Record:
    """A patient's record with one of everything that has an address."""

    patient: Patient
    clinician: User
    ids: dict[str, UUID]
    partner: User


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None,
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield name and other arguments of every address that carries an id."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns)
            continue
        converters = one.pattern.converters
        if any(isinstance(each, UUIDConverter) for each in converters.values()):
            rest = {k: 1 for k, c in converters.items() if not isinstance(c, UUIDConverter)}
            assert one.name, f"{one.pattern} carries an id and has no name"
            yield one.name, rest


ADDRESSES = dict(addresses())


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def record() -> Record:
    """Return a record that nobody else may open."""
    a_practice()
    clinician = a_clinician()
    patient = a_patient(of=clinician)
    checkin = a_checkin(patient, "session-check-in", "phq-9")
    given: dict[str, int | str | None] = {f"phq-9.{n}": 3 for n in range(1, 10)}
    send(checkin, given | {"session-check-in.tension": 4}, at=NOW)
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )
    rupture = note_rupture(patient=patient, kind="withdrawal", note="", by=clinician, at=NOW)
    signal = Signal.objects.filter(suggestions__isnull=False).first()
    assert signal is not None
    suggestion = Suggestion.objects.filter(signal=signal).first()
    assert suggestion is not None
    partner = a_partner(patient)
    consent = shares(patient, partner, Category.MEASURE)
    proposal = Proposal.objects.get()
    ids = {
        "partner": partner.pk,
        "consent": consent.pk,
        "proposal": proposal.pk,
        "patient": patient.pk,
        "check-in": checkin.pk,
        "session": session.pk,
        "rupture": rupture.pk,
        "signal": signal.pk,
        "suggestion": suggestion.pk,
        "bond": patient.bonds.get().pk,
    }
    return Record(patient=patient, clinician=clinician, ids=ids, partner=partner)


def browser_of(asker: str, record: Record) -> Client:
    """Return the browser of somebody who asks."""
    client = Client()
    if asker == "nobody":
        return client
    made: dict[str, Callable[[], User]] = {
        "another patient": lambda: the_account(a_patient(of=a_clinician("Dr Else"))),
        "another clinician": lambda: a_clinician("Dr Else"),
        "a host": a_host,
        "another partner": lambda: a_partner(a_patient(of=a_clinician("Dr Else"))),
        "the partner": lambda: record.partner,
        "the patient": lambda: the_account(record.patient),
        "the clinician": lambda: record.clinician,
    }
    user = made[asker]()
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    client.force_login(user)
    client.get("/healthz")  # The first answer of a sign-in also marks the browser.
    return client


def answer(client: Client, method: str, name: str, pk: UUID) -> tuple[int, str, str, bytes]:
    """Return all that a browser learns, with the id itself taken out."""
    path = reverse(name, kwargs={"pk": pk, **ADDRESSES[name]})
    reply = client.get(path) if method == "get" else client.post(path)
    headers = sorted(f"{key}: {value}" for key, value in reply.headers.items())
    bare = re.compile(re.escape(str(pk)))
    where = bare.sub("ID", "\n".join(headers))
    cookies = ",".join(sorted(reply.cookies))
    return reply.status_code, where, cookies, bare.sub("ID", reply.content.decode()).encode()


def foreign(asker: str) -> list[str]:
    """Return the addresses where somebody has no business: all but their own."""
    own = "me_" if asker == "the patient" else "nothing"
    return [name for name in ADDRESSES if not name.startswith(own)]


@pytest.mark.parametrize("asker", ASKERS)
def test_what_is_not_yours_answers_like_what_does_not_exist(asker: str, record: Record) -> None:
    client = browser_of(asker, record)
    places = [(method, name) for method in METHODS for name in foreign(asker)]
    nothing = {place: answer(client, *place, uuid4()) for place in places}

    told = {
        (*place, kind): answer(client, *place, pk)
        for place in places
        for kind, pk in record.ids.items()
    }

    differs = [ask for ask, said in told.items() if said != nothing[ask[0], ask[1]]]
    assert differs == []
    assert {said[0] for said in told.values()} <= {302 if asker == "nobody" else 404, 405}


def test_each_address_opens_for_the_person_it_is_for(record: Record) -> None:
    browsers = {
        who: browser_of(who, record) for who in ("the patient", "the clinician", "the partner")
    }

    # The partner looks before the patient's own addresses stop the sharing.
    shared_first = sorted(ADDRESSES, key=lambda name: not name.startswith("with_"))
    closed = [
        name
        for name in shared_first
        if not any(
            answer(browsers[who], method, name, pk)[0] not in (404, 405)
            for who in browsers
            for method in METHODS
            for pk in record.ids.values()
        )
    ]

    assert closed == []
