"""From a file of any form we read to the instrument in it."""

from __future__ import annotations

from pathlib import Path

from securebase.exchange.fhir.names import Resource
from securebase.exchange.fhir.read_questionnaire import read_questionnaire
from securebase.exchange.fhir.read_response import Given, read_response
from securebase.exchange.files.bounded import read_json, read_text
from securebase.exchange.files.brought import Brought
from securebase.exchange.files.native import read_native
from securebase.exchange.files.osd import read_osd
from securebase.exchange.files.redcap import read_redcap
from securebase.science.errors import BadInput

FORMATS = ("fhir", "redcap", "osd", "native")


def opened(place: Path, *, form: str | None = None) -> Brought:
    """Return the instrument of a file or folder.

    Parameters
    ----------
    place : Path
        A FHIR Questionnaire or an OSD in JSON, a REDCap data dictionary in CSV, a native
        ``instrument.toml`` or its folder.
    form : str, optional
        One of ``FORMATS``; told from the file if it is not given.

    Raises
    ------
    BadInput
        If it cannot be read, kept or scored.
    """
    if form == "native" or (form is None and (place.is_dir() or place.suffix == ".toml")):
        return read_native(place)
    text, source = read_text(place), f"Brought in from {place.name}."
    if form == "redcap" or (form is None and place.suffix.lower() == ".csv"):
        return read_redcap(text, source=source)
    found = read_json(text, name=place.name)
    form = form or told(found, name=place.name)
    if form == "fhir":
        return read_questionnaire(found, source=source)
    return read_osd(found, source=source)


def opened_response(place: Path, *, slug: str | None = None) -> Given | None:
    """Return the response in a file, None if the file is no QuestionnaireResponse.

    Raises
    ------
    BadInput
        If it is one and cannot be read.
    """
    if place.suffix.lower() != ".json" or place.is_dir():
        return None
    found = read_json(read_text(place), name=place.name)
    if found.get("resourceType") != "QuestionnaireResponse":
        return None
    return read_response(found, slug=slug)


def told(found: Resource, *, name: str) -> str:
    """Return which of our forms a JSON object is of.

    Raises
    ------
    BadInput
        If it is none.
    """
    if "resourceType" in found:
        return "fhir"
    if "osd_version" in found or "scale_info" in found or "definition" in found:
        return "osd"
    raise BadInput(
        f"{name}: neither FHIR (resourceType) nor OSD (osd_version). Say which it is with "
        "--format fhir|redcap|osd|native."
    )
