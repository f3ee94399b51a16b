"""The addresses by which FHIR calls things, in one place."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
"""A FHIR resource or a part of one, as JSON has it."""

OURS = "https://securebase.example/fhir"
"""Where our own names begin; nothing need answer there, it only has to stay the same."""

LOINC = "http://loinc.org"
LOINC_FORMS = "http://loinc.org/q/"
"""LOINC publishes a panel as a Questionnaire under this address and its code."""

_HL7 = "http://hl7.org/fhir/StructureDefinition/"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

ORDINAL = f"{_HL7}ordinalValue"
WEIGHT = f"{_HL7}itemWeight"
TRANSLATION = f"{_HL7}translation"
VARIABLE = f"{_HL7}variable"
HIDDEN = f"{_HL7}questionnaire-hidden"
CONTROL = f"{_HL7}questionnaire-itemControl"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
STEP = f"{_HL7}questionnaire-sliderStepValue"
LOWEST = f"{_HL7}minValue"
HIGHEST = f"{_HL7}maxValue"
CALCULATED = f"{_SDC}sdc-questionnaire-calculatedExpression"
EXTRACT = f"{_SDC}sdc-questionnaire-observationExtract"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UNITS = "http://unitsofmeasure.org"

FHIRPATH = "text/fhirpath"

ABOUT = "about"
"""Our extension of a response that is about one person of somebody's life."""

INSTRUCTION = "about.instruction"
CONTENT_NOTE = "about.content-note"
NO_WORDING = "about.no-wording"
SCORE = "score."
ERROR = "error."
OUTCOME = "outcome."
"""What the linkIds of everything that is not an item begin with; an item has no dot."""


def ours(name: str) -> str:
    """Return the address of one of our own extensions.

    Examples
    --------
    >>> ours("scale")
    'https://securebase.example/fhir/StructureDefinition/scale'
    """
    return f"{OURS}/StructureDefinition/{name}"


def canonical(slug: str) -> str:
    """Return the address of an instrument's Questionnaire."""
    return f"{OURS}/Questionnaire/{slug}"


def answer_system(slug: str, scale: str) -> str:
    """Return the code system of one set of answers of an instrument."""
    return f"{OURS}/CodeSystem/{slug}-{scale or 'answers'}"


def expression(url: str, words: str, *, name: str = "") -> Resource:
    """Return an extension that holds one FHIRPath expression."""
    named = {"name": name} if name else {}
    return {
        "url": url,
        "valueExpression": {**named, "language": FHIRPATH, "expression": words},
    }
