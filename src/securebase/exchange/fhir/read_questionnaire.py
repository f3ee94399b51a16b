"""A FHIR R4 Questionnaire as an instrument: ours whole, anybody's as far as it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from securebase.exchange.fhir import facts, names
from securebase.exchange.fhir.names import Resource, ours
from securebase.exchange.fhir.questionnaire import LISTS, questionnaire
from securebase.exchange.fhir.read_form import Form, extension, extensions, loinc_of, read_items
from securebase.exchange.fhir.read_scores import scale_from, variables_of
from securebase.exchange.fhir.read_translations import other_wordings
from securebase.exchange.fhir.shapes import refuse_misshapen
from securebase.exchange.files.brought import Brought, Facts, foreign, refuse_unsound, slug_of
from securebase.science import definition
from securebase.science.errors import BadInput, ContentError
from securebase.science.words import Instrument, Outcome, Scale, Wording

_NOUNS: dict[str, type] = definition._LISTS
_KEPT = (
    "resourceType", "id", "language", "extension", "url", "version", "name", "title",
    "_title", "derivedFrom", "status", "subjectType", "description", "_description",
    "copyright", "code", "item",
)  # fmt: skip


def read_questionnaire(form: Resource, *, source: str) -> Brought:
    """Return the instrument that a Questionnaire describes.

    A form we wrote gives back its definition, and is refused if anything in it was
    changed so that its parts contradict each other. Anybody else's gives what can be
    kept: questions, answers, and scores that are sums or means.

    Parameters
    ----------
    form : dict
        The resource, as JSON has it.
    source : str
        Where it came from, in words; it becomes the source of the definition.

    Raises
    ------
    BadInput
        If something cannot be kept or scored; the message gives path and reason.
    """
    if form.get("resourceType") != "Questionnaire":
        raise BadInput(
            f"resourceType: {form.get('resourceType')!r}; a Questionnaire is needed."
        )
    refuse_misshapen(form)
    read = read_items(form)
    read.losses[:0] = [f"{key}: not kept." for key in form if key not in _KEPT]
    for each in extensions(form):
        url = str(each.get("url"))
        if url != names.VARIABLE and not url.startswith(names.OURS):
            read.losses.append(f"extension {url!r}: not known here, not kept.")
    rights = _string(form, "copyright")
    if extension(form, ours("instrument")) is None:
        made = _foreign(form, read, source=source)
    else:
        made = _native(form, read)
        refuse_unsound(made)
        _refuse_changed(form, made)
    return Brought(made, tuple(read.losses), "FHIR", rights)


def _native(form: Resource, read: Form) -> Instrument:
    kept = extension(form, ours("instrument")) or {}
    table: dict[str, Any] = facts.read(kept, Instrument, path="extension instrument")
    table["version"] = _string(form, "version")
    if loinc_of(form):
        table["loinc"] = loinc_of(form)
    for name in LISTS:
        found = [e for e in extensions(form) if e.get("url") == ours(name)]
        table[name] = [
            facts.read(e, _NOUNS[name], path=f"extension {name} {n}")
            for n, e in enumerate(found, 1)
        ]
    table["scales"], table["outcomes"] = [], []
    for worked in read.worked:
        _worked(table, worked.resource, worked.path)
    try:
        made = definition.build({**table, "items": []}, where="extension", digest="")
    except ContentError as fault:
        raise BadInput(str(fault)) from None
    wordings = _wordings(form, read, title=_string(form, "title"))
    return replace(made, items=tuple(read.items), wordings=wordings)


def _worked(table: dict[str, Any], resource: Resource, path: str) -> None:
    scale, outcome = (extension(resource, ours(n)) for n in ("scale", "outcome"))
    if scale is not None:
        entry = facts.read(scale, Scale, path=path)
        code = loinc_of(resource)
        table["scales"].append(entry | ({"loinc": code} if code else {}))
    elif outcome is not None:
        table["outcomes"].append(facts.read(outcome, Outcome, path=path))
    elif not str(resource.get("linkId")).startswith(names.ERROR):
        raise BadInput(f"{path}: a score without its extension 'scale' in a form of ours.")


def _refuse_changed(form: Resource, made: Instrument) -> None:
    """Refuse a form of ours that no longer says what its definition would say."""
    try:
        again = questionnaire(made, language=str(form.get("language", "en")))
    except (LookupError, ValueError, RecursionError) as fault:
        raise BadInput(f"extension: its definition does not hold together: {fault}.") from None
    path = _changed(again, {key: value for key, value in form.items() if key in _KEPT}, "")
    if path is not None:
        raise BadInput(
            f"{path.lstrip('.')}: differs from what the definition in this form gives. "
            "Bring the form as it was written, or change the definition instead."
        )


def _changed(one: Any, other: Any, path: str) -> str | None:
    """Return the path of the first thing that is in one and not the same in the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key, value in one.items():
            found = _changed(value, other.get(key), f"{path}.{key}")
            if found is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) <= len(other):
        mine = [part for part in other if part in one] if len(other) > len(one) else other
        for n, (left, right) in enumerate(zip(one, mine, strict=False)):
            found = _changed(left, right, f"{path}[{n}]")
            if found is not None:
                return found
        return None if len(mine) >= len(one) else path
    return None if one == other else path


def _foreign(form: Resource, read: Form, *, source: str) -> Instrument:
    variables = variables_of(form)
    scales = [scale_from(worked, read, variables) for worked in read.worked]
    if not scales:
        raise BadInput(
            "item: no score is worked out in this form (calculatedExpression), so nothing "
            "of it can be scored."
        )
    name = _string(form, "title") or _string(form, "name") or _string(form, "id")
    wordings = _wordings(form, read, title=name)
    about = Facts(
        slug=slug_of(_string(form, "name") or name),
        name=name,
        version=_string(form, "version") or "1",
        measures=_string(form, "description")[:200] or name,
        rights=_string(form, "copyright"),
        source=f"{source} {_string(form, 'url')}".strip(),
        loinc=loinc_of(form),
    )
    return replace(foreign(about, read.items, scales, None), wordings=wordings)


def _wordings(form: Resource, read: Form, *, title: str) -> dict[str, Wording]:
    """Return what the form says in its own language, and in those beside it."""
    here = _wording(form, read, title=title)
    return {here.language: here} | other_wordings(form, read, here) if here else {}


def _wording(form: Resource, read: Form, *, title: str) -> Wording | None:
    if not read.texts:
        return None
    spare = [t for k, t in read.shown.items() if t and k not in _OWN_TEXTS]
    return Wording(
        language=_string(form, "language") or "en",
        title=title,
        instruction=read.shown.get(names.INSTRUCTION, " ".join(spare)),
        items=read.texts,
        answers=read.labels,
        about=_string(form, "description"),
        content_note=read.shown.get(names.CONTENT_NOTE, ""),
        groups=read.groups,
    )


_OWN_TEXTS = (names.INSTRUCTION, names.CONTENT_NOTE, names.NO_WORDING)


def _string(form: Resource, key: str) -> str:
    value = form.get(key, "")
    if not isinstance(value, str):
        raise BadInput(f"{key}: {value!r}; it must be a text.")
    return value.strip()
