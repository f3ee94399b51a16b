"""Forms that come back just the same: while they do, their scores can tell nothing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from securebase.clinic.measurement.models import Response
from securebase.science.signals.quality import same_in_a_row
from securebase.science.signals.rules import load_rules

FORMS_BACK = 12
"""So many rounds of the same forms are looked back on."""


def alike_forms(patient: UUID, measures: Iterable[str]) -> dict[str, int]:
    """Return how often in a row the forms behind some measures were answered identically.

    By instrument, and only those that were so often enough to raise no signals. Scores
    added from a file have no answers and are passed over, and so are forms about one person:
    what is followed is the score over all of them.
    """
    slugs = {measure.partition(".")[0] for measure in measures}
    newest = (
        Response.objects.filter(patient=patient, instrument__in=slugs, target__isnull=True)
        .exclude(answers={})
        .order_by("-answered_at", "-recorded_at")
        .values_list("instrument", "answers")[: FORMS_BACK * len(slugs)]
    )
    past = list(newest)[::-1] if slugs else []
    least = load_rules()["DATA.SAME"].thresholds["forms"]
    counts = {
        slug: same_in_a_row([answers for one, answers in past if one == slug]) for slug in slugs
    }
    return {slug: count for slug, count in counts.items() if count >= least}
