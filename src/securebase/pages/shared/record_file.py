"""The copy of a record on its way to a browser, kept nowhere."""

from __future__ import annotations

from django.http import HttpResponse

from securebase.stories.export_subject.pack import FILE_NAME


def as_file(data: bytes) -> HttpResponse:
    """Return the copy as a file to keep; no browser keeps it by itself."""
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response["Cache-Control"] = "no-store"
    return response
