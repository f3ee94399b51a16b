"""What a patient may take onto a device: the kit, the safety plan, an open check-in.

It leaves the server as it is; the device seals it under a PIN that never comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import open_checkin
from securebase.clinic.checkins.questions import Question, questions_of
from securebase.clinic.practice.actions import note_copy
from securebase.clinic.practice.models import KitEntry
from securebase.clinic.practice.queries import kit_visible_to
from securebase.clinic.safety.queries import current_plan
from securebase.people.accounts.models import User
from securebase.science.exercises import exercises
from securebase.science.safety_plan import plan_form


def device_copy(*, patient: Patient, by: User, at: datetime) -> dict[str, Any]:
    """Return everything for the copy, as plain values; the taking leaves a row."""
    note_copy(patient=patient, by=by, at=at)
    checkin = open_checkin(patient, at=at)
    kit = kit_visible_to(by, at=at).filter(patient=patient)
    return {
        "kit": [_entry(entry) for entry in kit],
        "plan": list(_plan(patient)),
        "checkin": _checkin(checkin) if checkin else None,
    }


def _entry(entry: KitEntry) -> dict[str, Any]:
    """Return one thing of the kit; a picture or a sound as base64."""
    told = {"kind": entry.kind, "title": entry.title, "words": entry.words}
    known = {one.slug: one for one in exercises()}
    if entry.exercise in known:
        one = known[entry.exercise]
        told |= {"title": one.title, "words": one.summary, "exercise": one.slug}
    if hasattr(entry, "file"):
        told |= {"type": entry.file.media_type, "data": entry.file.content}
    return told


def _plan(patient: Patient) -> Iterator[dict[str, Any]]:
    plan = current_plan(patient)
    if plan is None:
        return
    for part in plan_form().parts:
        lines = plan.lines.get(part.slug, [])
        if lines:
            yield {"title": part.name, "lines": lines}


def _checkin(checkin: CheckIn) -> dict[str, Any]:
    return {
        "id": str(checkin.pk),
        "until": checkin.closes_at.isoformat(),
        "questions": [_question(one) for one in questions_of(checkin)],
    }


def _question(one: Question) -> dict[str, Any]:
    labels = dict(one.answers)
    return {
        "ref": one.ref,
        "text": f"About {one.about}: {one.text}" if one.about else one.text,
        "instruction": one.instruction,
        "note": one.content_note,
        "credit": one.credit,
        "kind": one.kind,
        "safety": one.safety,
        "asked_if": one.asked_if,
        "choices": [[value, labels.get(value, "")] for value in one.values],
        "boxes": [list(box) for box in one.boxes],
    }
