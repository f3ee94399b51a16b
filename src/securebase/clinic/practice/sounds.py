"""Which kind of sound a recording is, told by its first bytes and never by its name."""

from __future__ import annotations

from django.core.exceptions import ValidationError

BEGINNINGS = (
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "audio/mp4"),
)
"""What browsers record: WebM, Ogg and MP4."""


def sound_type(data: bytes) -> str:
    """Return the media type of a recording; refuse what is none that browsers make."""
    for start, words, media_type in BEGINNINGS:
        if data[start : start + len(words)] == words:
            return media_type
    raise ValidationError(
        "This is not a recording we can keep. It can be WebM, Ogg or MP4 (m4a). "
        "Recording it here always works."
    )
