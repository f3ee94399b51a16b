"""Keeping a note while it is being written: what the page is told in a few words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import JsonResponse

from securebase.clinic.notes.actions import Changed
from securebase.clinic.notes.apart import ChangedApart
from securebase.clinic.notes.models import NoteDraft, ProcessNote
from securebase.pages.clinician.note_forms import WritingForm
from securebase.pages.clinician.wording import clock

OTHER_PAGE = (
    "This form was opened for somebody else, or by somebody else. Nothing was written. "
    "Copy your words below, then open the note again."
)
OTHERS = "Somebody else wrote here too. Press Keep to see both texts."
ONESELF = "You wrote here in another window too. Press Keep to see both texts."


def told_kept(
    form: WritingForm, keep: Callable[[], NoteDraft | ProcessNote], *, at: datetime
) -> JsonResponse:
    """Keep what the form holds, and say that it is kept or why it is not.

    Nobody may lose words: a refusal names what to do, and the page still holds them.
    """
    if not form.is_ours:
        return _told(OTHER_PAGE, HTTPStatus.CONFLICT)
    try:
        kept = keep()
    except Changed:
        return _told(OTHERS, HTTPStatus.CONFLICT)
    except ChangedApart:
        return _told(ONESELF, HTTPStatus.CONFLICT)
    except ValidationError as refused:
        return _told(" ".join(refused.messages), HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"says": f"Kept {clock(at)}", "version": kept.version})


def _told(says: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"says": says}, status=status)
