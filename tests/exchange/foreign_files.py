"""Small files as other programs write them, all invented: nobody's instrument is in them."""

from __future__ import annotations

from typing import Any

WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
CALCULATED = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
)
VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"

REDCAP = """\
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note",\
"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",\
Identifier?,"Branching Logic (Show field only if...)"
about,tea_survey,,descriptive,"About your tea.",,,,,,,
warm,tea_survey,,radio,"Warm enough?","0, No | 1, A little | 2, Yes",,,,,,
cold,tea_survey,,radio,"Too cold?","0, No | 1, A little | 2, Yes",,,,,,
sweet,tea_survey,,slider,"How sweet?","Not | Some | Very",,number,0,10,,
more,tea_survey,,notes,"Anything else?",,,,,,,
total,tea_survey,,calc,"Total","[warm] + (2 - [cold])",,,,,,
average,tea_survey,,calc,"Average","mean([warm], [cold])",,,,,,
"""

OSD: dict[str, Any] = {
    "osd_version": "1.0",
    "definition": {
        "scale_info": {
            "name": "Tea Survey",
            "code": "TEA",
            "license": "CC0",
            "license_explanation": "Invented for a test.",
            "version": "2",
        },
        "likert_options": {"points": 3, "min": 0, "max": 2, "labels": ["no", "some", "yes"]},
        "dimensions": [{"id": "comfort", "name": "Comfort"}],
        "items": [
            {"id": "head", "type": "inst", "text_key": "head"},
            {"id": "t1", "type": "likert", "text_key": "t1"},
            {"id": "t2", "type": "likert", "text_key": "t2"},
        ],
        "scoring": {
            "comfort": {
                "method": "mean_coded",
                "items": {"t1": 1, "t2": -1},
                "transform": [{"op": "multiply", "value": 50}],
            }
        },
    },
    "translations": {
        "en": {"head": "About your <b>tea</b>.", "t1": "It is warm.", "t2": "It is cold.",
               "no": "No", "some": "Some", "yes": "Yes"},
        "de": {"t1": "Er ist warm."},
    },
}  # fmt: skip


def calculated(link: str, expression: str) -> dict[str, Any]:
    """Return an item that is worked out."""
    value = {"language": "text/fhirpath", "expression": expression}
    return {
        "linkId": link,
        "type": "decimal",
        "readOnly": True,
        "extension": [{"url": CALCULATED, "valueExpression": value}],
    }


def choice(link: str, text: str, *, count: int = 3) -> dict[str, Any]:
    """Return a question with answers that count 0, 1, 2 ..."""
    options = [
        {
            "extension": [{"url": WEIGHT, "valueDecimal": n}],
            "valueCoding": {"code": f"LA{n}", "display": f"Answer {n}"},
        }
        for n in range(count)
    ]
    return {"linkId": link, "text": text, "type": "choice", "answerOption": options}


def fhir_form(*worked: dict[str, Any]) -> dict[str, Any]:
    """Return a Questionnaire of another house with what it works out."""
    total = "%resource.item.where(linkId in ('/t1' | '/t2')).answer.value.ordinal().sum()"
    return {
        "resourceType": "Questionnaire",
        "url": "https://elsewhere.example/Questionnaire/tea",
        "status": "active",
        "name": "TeaSurvey",
        "title": "Tea Survey",
        "copyright": "Invented for a test.",
        "item": [
            choice("/t1", "Is it warm?"),
            choice("/t2", "Is it sweet?"),
            *(worked or [calculated("total", total)]),
        ],
    }
