"""What the two commands about one person share: whom they mean."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any
from uuid import UUID

from securebase.cli.keeping import add_data_dir
from securebase.science.errors import BadInput


def add_whom(parser: argparse.ArgumentParser) -> None:
    """Let the user name one person by address or by the key of the record."""
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", metavar="ADDRESS", help="the exact address they sign in with")
    whom.add_argument("--record", metavar="KEY", help="the whole key of the record")
    add_data_dir(parser)


def the_patient(args: argparse.Namespace) -> Any:
    """Return the one patient that is meant, or refuse."""
    records = import_module("securebase.clinic.care.models").Patient.objects
    if args.email:
        found = records.filter(account__email=args.email.strip().lower()).first()
        said = f"the address {args.email!r}"
    else:
        found = records.filter(pk=_key(args.record)).first()
        said = f"the record {args.record}"
    erase = import_module("securebase.stories.erase_subject.erase")
    if found is None or erase.is_erased(found.pk):
        raise BadInput(f"There is nobody with {said}. Look again at how it is written.")
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is not the key of a record. It has 32 signs, as in "
            "0d7be6f4-2b1e-4a57-9a3d-0c6b2a7f51de."
        ) from None
