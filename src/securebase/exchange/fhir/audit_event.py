"""A row of the trail as a FHIR R4 AuditEvent, for systems that watch many.

The shape follows IHE's Basic Audit Log Patterns as far as a row can: who, in which role,
what it was about, whose record, whether it was let through, and for which purpose. No name
and no word of a record is in it. Pure, but for the writing of the file.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from securebase.exchange.fhir.names import OURS, Resource, ours
from securebase.people.audit import trail
from securebase.people.audit.chain import Row
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import WORDS, Verb
from securebase.stories.keep_safe.back_up import new_file

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

RECORD, APPLICATION = ("110110", "Patient Record"), ("110100", "Application Activity")
PURPOSES = {
    AuditEvent.Purpose.CARE.value: ("TREAT", "treatment"),
    AuditEvent.Purpose.OWN.value: ("PATRQT", "patient requested"),
    AuditEvent.Purpose.RUNNING.value: ("HOPERAT", "healthcare operations"),
    AuditEvent.Purpose.EMERGENCY.value: ("BTG", "break the glass"),
}
MAKES = (
    "add", "ask", "begin", "give", "grant", "import", "invite", "log", "make", "name", "note",
    "open", "propose", "raise", "record", "send", "set", "set_up", "shut", "sign", "welcome",
    "write",
)  # fmt: skip
ACTIONS = {
    "C": frozenset(MAKES),
    "R": frozenset(("find", "list", "miss", "read", "refuse", "view")),
    "D": frozenset(("drop", "erase", "remove", "throw_away")),
    "E": frozenset(("copy", "drill", "export", "restore", "rotate", "slow", "try", "use")),
}
"""By the last word of a verb; every other one changes something."""
DONE, REFUSED = "0", "4"


def audit_event(row: Row) -> Resource:
    """Return one row as an AuditEvent."""
    kind, display = RECORD if row.patient else APPLICATION
    words = WORDS[Verb(row.verb)] if row.verb in set(Verb) else row.verb
    event: Resource = {
        "resourceType": "AuditEvent",
        "id": f"row-{row.number}",
        "extension": [
            {"url": ours("trail-row"), "valueInteger": row.number},
            {"url": ours("trail-link"), "valueString": row.link},
        ],
        "type": {"system": DICOM, "code": kind, "display": display},
        "subtype": [{"system": f"{OURS}/CodeSystem/verb", "code": row.verb, "display": words}],
        "action": _action(row.verb),
        "recorded": row.at,
        "outcome": REFUSED if row.outcome == AuditEvent.Outcome.REFUSED else DONE,
        "agent": _agents(row),
        "source": {"observer": _account("the practice's own program"), "site": "securebase"},
    }
    if row.reason:
        event["outcomeDesc"] = row.reason
    if row.purpose in PURPOSES:
        code, said = PURPOSES[row.purpose]
        event["purposeOfEvent"] = [
            {"coding": [{"system": REASON, "code": code, "display": said}]}
        ]
    entities = _entities(row)
    return event | ({"entity": entities} if entities else {})


def write_events(file: Path, *, at: datetime) -> int:
    """Write every row to a new file, one AuditEvent on a line; return how many.

    That it was written is its last row.
    """
    count = 0
    with new_file(file) as target:
        trail.record(Verb.AUDIT_EXPORT, by=None, at=at)
        for row in trail.rows():
            line = json.dumps(audit_event(row), ensure_ascii=False, separators=(",", ":"))
            target.write(f"{line}\n".encode())
            count += 1
    return count


def _action(verb: str) -> str:
    last = verb.rpartition(".")[2]
    return next((action for action, words in ACTIONS.items() if last in words), "U")


def _agents(row: Row) -> list[Resource]:
    """Return who did it, and on whose behalf; nobody signed in is the program itself."""
    who: Resource = {
        "who": _account(row.actor or "nobody signed in"),
        "requestor": bool(row.actor),
    }
    if row.role:
        who["role"] = [{"coding": [{"system": f"{OURS}/CodeSystem/role", "code": row.role}]}]
    agents = [who]
    if row.on_behalf_of:
        agents.append({"who": _account(row.on_behalf_of), "requestor": False})
    return agents


def _entities(row: Row) -> list[Resource]:
    found: list[Resource] = []
    if row.patient:
        patient = _about(f"{OURS}/record", row.patient)
        patient["type"] = {"system": ENTITY_TYPE, "code": "1", "display": "Person"}
        patient["role"] = {"system": OBJECT_ROLE, "code": "1", "display": "Patient"}
        found.append(patient)
    if row.object_id:
        thing = _about(f"{OURS}/{row.object_type}", row.object_id)
        thing["type"] = {"system": ENTITY_TYPE, "code": "2", "display": "System Object"}
        if row.category:
            category = {"system": f"{OURS}/CodeSystem/category", "code": row.category}
            thing["securityLabel"] = [category]
        found.append(thing)
    found.append(
        {
            "what": {"identifier": {"system": f"{OURS}/request", "value": row.request}},
            "type": {"system": ENTITY_TYPE, "code": "4", "display": "Other"},
        }
    )
    return found


def _account(value: str) -> Resource:
    return {"identifier": {"system": f"{OURS}/account", "value": value}}


def _about(system: str, value: str) -> Resource:
    return {"what": {"identifier": {"system": system, "value": value}}}
