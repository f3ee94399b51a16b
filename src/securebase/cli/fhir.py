"""``securebase fhir``: one person's answers out of the record, and into it."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.keeping import add_json, in_words, open_practice, say
from securebase.cli.new_file import write_new
from securebase.cli.subject import add_whom, the_patient
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``fhir`` with its acts ``export`` and ``import``."""
    parser = subparsers.add_parser("fhir", help="answers out of a record and into it, as FHIR")
    acts = parser.add_subparsers(metavar="ACT", required=True)
    out = acts.add_parser(
        "export",
        help="write one person's answers and scores",
        description="Write all answers of one person, and what they scored, to a new file: a "
        "FHIR R4 Bundle. It is not encrypted: hand it over yourself.",
    )
    add_whom(out)
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    out.set_defaults(act=_export)
    into = acts.add_parser(
        "import",
        help="show answers from elsewhere, and keep them with --yes",
        description="Read a FHIR R4 QuestionnaireResponse, or a Bundle of them, for one "
        "person. Answers are scored here; a total that came with them is kept beside ours. "
        "Without --yes nothing is kept.",
    )
    into.add_argument("file", type=Path, metavar="FILE", help="the file, in JSON")
    add_whom(into)
    into.add_argument(
        "--by",
        required=True,
        metavar="ADDRESS",
        help="the clinician who treats this person and in whose name it is kept",
    )
    into.add_argument(
        "--about",
        action="append",
        default=[],
        metavar="[THEIRS=]KEY",
        help="for answers about one person: which person of this record; may come again",
    )
    into.add_argument("--slug", metavar="NAME", help="the instrument, if the file names none")
    into.add_argument("--yes", action="store_true", help="keep them")
    add_json(into)
    into.set_defaults(act=_import)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    open_practice(args.data_dir)
    code: int = args.act(args)
    return code


def _export(args: argparse.Namespace) -> int:
    record = import_module("securebase.exchange.fhir.record")
    now = import_module("django.utils.timezone").now
    with in_words():
        made = record.written(patient=the_patient(args), by=None, at=now())
    text = json.dumps(made.bundle, indent=2, ensure_ascii=False)
    write_new(args.out, text.encode())
    say(f"Wrote {made.responses} responses to {args.out}, which only you can read.")
    for slug in made.unknown:
        say(f"Left out: {slug}, which the library no longer holds.")
    say("It is not encrypted. Hand it over yourself, and delete it.")
    return 0


def _import(args: argparse.Namespace) -> int:
    """Look at every response before any is kept."""
    bounded = import_module("securebase.exchange.files.bounded")
    record = import_module("securebase.exchange.fhir.record")
    found = bounded.read_json(bounded.read_text(args.file), name=args.file.name)
    given = record.read_all(found, slug=args.slug)
    with in_words():
        told = _kept(args, given)
    if args.json:
        say(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    for one in told:
        say("\n".join(_lines(one)))
    new = sum(not one["known"] for one in told)
    say(
        f"Kept {new}; {len(told) - new} were in the record before."
        if args.yes
        else f"{new} are new. Nothing was kept. Look through it, and keep it with --yes."
    )
    return 0


def _kept(args: argparse.Namespace, given: list[Any]) -> list[dict[str, Any]]:
    """Return what was found, kept if told to: all of it or nothing."""
    story = import_module("securebase.stories.import_response")
    refused = import_module("django.core.exceptions").PermissionDenied
    atomic = import_module("django.db.transaction").atomic
    whom = {"patient": the_patient(args), "by": _clinician(args.by)}
    whom["at"] = import_module("django.utils.timezone").now()
    policies = import_module("securebase.clinic.measurement.policies")
    try:
        with atomic():
            policies.check_can_record(whom["by"], whom["patient"], "import", at=whom["at"])
            arrived = [
                _arrived(story, one, whom["patient"], said=_said(args.about)) for one in given
            ]
            told = [
                _told(one, came, story.preview_response(arrived=came, **whom))
                for one, came in zip(given, arrived, strict=True)
            ]
            if args.yes:
                story.import_responses(arrived=arrived, **whom)
            return told
    except refused as problem:
        raise BadInput(f"{problem} Nothing was kept.") from None


def _said(about: list[str]) -> dict[str, str]:
    """Return which person of this record each key of the file means."""
    pairs = (one.rpartition("=") for one in about)
    return {theirs.strip(): key.strip() for theirs, _, key in pairs}


def _arrived(story: Any, given: Any, patient: Any, *, said: dict[str, str]) -> Any:
    about = import_module("securebase.exchange.fhir.about")
    return story.Arrived(
        asked=given.instrument,
        answers=given.answers,
        texts=given.texts,
        answered_at=given.answered_at,
        given_totals=given.given_totals,
        target=about.target_for(given, patient=patient, said=said),
    )


def _told(given: Any, arrived: Any, foreseen: Any) -> dict[str, Any]:
    target = arrived.target
    return {
        "instrument": given.instrument.slug,
        "name": given.instrument.name,
        "about": f"{target.key} ({target.kind})" if target else None,
        "at": given.answered_at.isoformat(),
        "answered": len(given.answers),
        "items": len(given.instrument.items),
        "scores": given.ours.as_dict(),
        "given_totals": dict(given.given_totals),
        "disagreements": list(given.disagreements),
        "losses": list(given.losses),
        "known": foreseen.known,
        "twin": foreseen.twin,
    }


def _lines(one: dict[str, Any]) -> list[str]:
    about = f" about {one['about']}" if one["about"] else ""
    answered = f"{one['answered']} of {one['items']} answered"
    lines = [f"{one['name']}{about} of {one['at']}: {answered}"]
    if one["known"]:
        return [*lines, "  is in the record already"]
    if one["twin"]:
        lines.append("  NOTE: the record holds another of about the same time")
    lines += [
        f"  {key}: {'unknown' if value is None else value}"
        for key, value in one["scores"].items()
    ]
    lines += [f"  DIFFERS: {line}" for line in one["disagreements"]]
    return lines + [f"  {loss}" for loss in one["losses"]]


def _clinician(address: str) -> Any:
    users = import_module("securebase.people.accounts.models").User.objects
    found = users.filter(email=address.strip().lower(), is_active=True).first()
    if found is None:
        raise BadInput(
            f"Nobody signs in here with {address!r}. Give the clinician's exact address."
        )
    return found
