"""How long each question took, from when the server kept each answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

MILLISECOND = timedelta(milliseconds=1)


def took_ms(times: Mapping[str, str]) -> dict[str, int]:
    """Return the milliseconds from the answer before to each answer, by ref.

    ``times`` says when each was kept first, as ISO text. The first of all has nothing
    before it, and answers kept at one moment came together: for those nobody can say.
    """
    kept = sorted((datetime.fromisoformat(at), ref) for ref, at in times.items())
    moments = [at for at, _ in kept]
    return {
        ref: (at - before) // MILLISECOND
        for (before, _), (at, ref) in pairwise(kept)
        if at > before and moments.count(at) == 1
    }
