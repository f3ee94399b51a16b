"""What was known of a person when care began, as the trajectory model asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from securebase.clinic.measurement.models import Score
from securebase.science.trajectory.prior import Prior, Priors


def scores_at_intake(episode_start: datetime, *, of: Score, priors: Priors) -> dict[str, float]:
    """Return a person's first scores around the start of care that tell of the course.

    Parameters
    ----------
    episode_start : datetime
        When this span of care began.
    of : Score
        Any score of the person.
    priors : Priors
        Name the measures to look for and the days that count as intake.

    Returns
    -------
    dict of str to float
        By measure, raw points.
    """
    within = timedelta(days=priors.intake_days)
    found = Score.objects.filter(
        patient=of.patient_id,
        measure__in=_yardsticks(priors.by_measure.values()),
        response__target__isnull=True,
        value__isnull=False,
        at__range=(episode_start - within, episode_start + within),
    ).order_by("-at", "-pk")
    return {score.measure: score.value for score in found if score.value is not None}


def _yardsticks(priors: Iterable[Prior]) -> set[str]:
    return {
        yardstick.measure
        for prior in priors
        for covariate in prior.covariates
        for yardstick in covariate.yardsticks
    }
