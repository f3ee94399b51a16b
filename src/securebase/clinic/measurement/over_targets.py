"""One score over several people, where the authors of an instrument make one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid5

from django.db import transaction

from securebase.clinic.measurement.models import Response, Score
from securebase.science.library import instrument
from securebase.science.scoring import over_targets
from securebase.science.words import State

OVER_TARGETS = "over targets"
"""Names the key of a derived response after the first of those it is made of."""


def keep_over_targets(responses: Sequence[Response]) -> list[Score]:
    """Keep the scores over all people answered about at once, each as a score of its own.

    They stand on a response without answers and without a target, so that the score of
    one person and the score over all are never taken for one another.
    """
    several = dict(_asked_of_several(responses))
    return _kept(several) if several else []


@transaction.atomic
def _kept(several: Mapping[str, Sequence[Response]]) -> list[Score]:
    made: list[Score] = []
    for slug, parts in several.items():
        found = over_targets(instrument(slug), [_values(part) for part in parts])
        if not found:
            continue
        whole = _derived_of(parts)
        made += [
            Score(
                response=whole,
                patient_id=whole.patient_id,
                measure=f"{slug}.{scale}",
                at=whole.answered_at,
                value=value,
                state=State.SCORED.value,
                answered=people,
            )
            for scale, (value, people) in found.items()
        ]
    return Score.objects.bulk_create(made)


def _asked_of_several(
    responses: Sequence[Response],
) -> Iterator[tuple[str, list[Response]]]:
    by_slug: dict[str, list[Response]] = defaultdict(list)
    for response in responses:
        if response.target_id is not None:
            by_slug[response.instrument].append(response)
    for slug, parts in by_slug.items():
        if instrument(slug).over_targets:
            yield slug, sorted(parts, key=lambda one: one.key)


def _values(response: Response) -> dict[str, float | None]:
    return {score.measure.partition(".")[2]: score.value for score in response.scores.all()}


def _derived_of(parts: Sequence[Response]) -> Response:
    first = parts[0]
    return Response.objects.create(
        patient_id=first.patient_id,
        key=uuid5(first.key, OVER_TARGETS),
        instrument=first.instrument,
        version=first.version,
        digest=first.digest,
        recall=first.recall,
        source=first.source,
        answered_at=first.answered_at,
        recorded_at=first.recorded_at,
        recorded_by_id=first.recorded_by_id,
        texts="{}",
    )
