"""The copy as a file: JSON for a machine, one page for a person, and a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.stories.export_subject.as_page import page_of
from securebase.stories.export_subject.gather import LEFT_OUT, Copy, gather

FORMAT = 1
FILE_NAME = "your-record.zip"
"""What a browser calls it: neither a name nor a kind of care."""


def export_subject(*, patient: Patient, by: User | None, at: datetime) -> bytes:
    """Return the copy of a record as a zip archive; nothing of it stays on the server."""
    return packed(gather(patient=patient, by=by, at=at))


def packed(copy: Copy) -> bytes:
    """Return the archive: two files and a manifest with their SHA-256 digests."""
    files = {"record.json": as_json(copy), "record.html": page_of(copy).encode()}
    manifest = {
        "securebase_copy": FORMAT,
        "made_at": copy.made_at.astimezone(UTC).isoformat(),
        "trail": copy.head,
        "left_out": LEFT_OUT,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files["manifest.json"] = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(_entry(name, copy.made_at), data)
    return target.getvalue()


def as_json(copy: Copy) -> bytes:
    """Return the copy for a machine."""
    told = {
        "securebase_copy": FORMAT,
        "made_at": copy.made_at.astimezone(UTC).isoformat(),
        "trail": copy.head,
        "left_out": LEFT_OUT,
        "tables": {one.table: {"says": one.says, "rows": one.rows} for one in copy.parts},
        "seen": copy.seen,
    }
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, made_at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
