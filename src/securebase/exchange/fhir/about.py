"""Whom answers are about, where they are about one person of the patient's life.

A file says a key and a kind such as ``mother``, never a name. Which person of another
record a key means cannot be known: somebody says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.targets import target_with
from securebase.exchange.fhir.read_response import Given
from securebase.science.errors import BadInput

PERSON = "person"


def target_for(given: Given, *, patient: Patient, said: Mapping[str, str]) -> Target | None:
    """Return the person of this record that answers are about; None where about no one.

    Parameters
    ----------
    given : Given
        A response as it was read.
    patient : Patient
        Whose record it is for.
    said : mapping of str to str
        The key here by the key in the file; the empty key stands for answers that name
        nobody. A file of this very record needs none.

    Raises
    ------
    BadInput
        If it is not said, there is no such person, or they are of another kind.
    """
    if given.instrument.target != PERSON:
        return None
    theirs, kind = given.about or ("", "")
    own = theirs if given.subject == f"Patient/{patient.pk}" else ""
    key = said.get(theirs, own)
    target = target_with(patient, key) if key else None
    if target is None:
        raise BadInput(_unknown(given, key) + _known(patient))
    if kind and Target.Kind.OTHER not in (kind, target.kind) and kind != target.kind:
        raise BadInput(
            f"{given.instrument.name}: the file says {theirs} is a {kind}, and {target.key} "
            f"here is a {target.kind}. Answers about two people must not mix."
        )
    return target


def _unknown(given: Given, key: str) -> str:
    name = given.instrument.name
    if key:
        return f"{name}: this record names nobody {key!r}. "
    if given.about is None:
        return f"{name} is about one person, and the file does not say whom. Give --about KEY. "
    theirs, kind = given.about
    return (
        f"{name} is about {theirs}, a {kind or 'person'} of another record. Say who that is "
        f"here with --about {theirs}=KEY. "
    )


def _known(patient: Patient) -> str:
    people = Target.objects.filter(patient=patient)
    told = ", ".join(f"{one.key} ({one.kind})" for one in people)
    return f"This record names {told}." if told else "This record names nobody yet."
