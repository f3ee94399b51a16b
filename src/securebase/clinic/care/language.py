"""The language of a record: that of its pages, and of the letters to its person."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import check_can_treat, is_own_record
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.post.languages import ENGLISH, spoken_here


@transaction.atomic
def choose_language(*, patient: Patient, language: str, by: User, at: datetime) -> Patient:
    """Keep which language a person reads; they choose it, or whoever treats them does."""
    if not is_own_record(by, patient):
        check_can_treat(by, patient, at=at)
    check_language(language)
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    if patient.language != language:
        patient.language = language
        patient.save(update_fields=["language"])
        trail.record(Verb.CARE_LANGUAGE, by=by, at=at, patient=patient.pk, about=patient)
    return patient


def check_language(language: str) -> None:
    """Raise unless pages and letters can be read in this language."""
    if language not in spoken_here():
        known = ", ".join(spoken_here())
        raise ValidationError(
            {"language": f"Language is {language!r}; the pages speak {known}. Choose one."}
        )


def language_at(email: str) -> str:
    """Return the language a letter to this address is written in; English for staff."""
    own = Patient.objects.filter(account__email__iexact=email)
    return own.values_list("language", flat=True).first() or ENGLISH
