"""polars, at scoring."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl  # type: ignore[import-not-found]

from benchmarks.seat import sit
from benchmarks.work import ITEMS, LEAST, instrument, written


def run(folder: Path, people: int) -> None:
    """Mean of each scale where enough is answered, and a check of every answer."""
    told = np.fromfile(folder / "columns.i1", np.int8).reshape(ITEMS, people)
    frame = pl.DataFrame({f"{n}": column for n, column in enumerate(told, 1)})
    frame = frame.with_columns(pl.all().replace(-1, None))
    means = []
    for scale in instrument().scales:
        columns = [
            4 - pl.col(item) if item in scale.reversed_items else pl.col(item)
            for item in scale.items
        ]
        answered = (pl.col(item).is_not_null().cast(pl.Int8) for item in scale.items)
        count = pl.sum_horizontal(answered)
        mean = pl.sum_horizontal(columns).cast(pl.Float64) / count
        means.append(pl.when(count >= LEAST).then(mean).alias(scale.slug))
    ends = [pl.all().min().name.suffix("-"), pl.all().max().name.suffix("+")]

    def work() -> pl.DataFrame:
        reached = frame.select(ends).row(0)
        if min(reached) < 0 or max(reached) > 4:
            raise SystemExit("an answer is outside its scale")
        return frame.select(means)

    scores = sit(version("polars"), work)
    firsts = (scores[scale.slug][:5000].to_numpy() for scale in instrument().scales)
    written(folder, "polars", np.concatenate(list(firsts)))
