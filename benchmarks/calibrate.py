"""Measure how often the signals are wrong, and write the figures and their pictures.

Run from the project's root::

    python -m benchmarks.calibrate

Writes ``content/operating.toml`` and three pictures for the manual; ``make docs`` then
writes the tables. The same seed and numbers give the same figures.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from benchmarks.calibrate_charts import charts
from securebase.science.calibrate.report import Operating, as_toml
from securebase.science.calibrate.run import calibrate
from securebase.science.calibrate.worlds import load_worlds
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.prior import load_priors

ROOT = Path(__file__).parents[1]
CONTENT = ROOT / "src" / "securebase" / "content" / "operating.toml"
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Run every world and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--people", type=int, default=10_000, help="in each world")
    parser.add_argument("--rehearsed", type=int, default=400, help="whole courses in each")
    parser.add_argument("--out", type=Path, default=CONTENT)
    parser.add_argument("--images", type=Path, default=IMAGES)
    how = parser.parse_args()
    began = process_time()
    found = calibrate(
        seed=how.seed,
        people=how.people,
        rehearsed=how.rehearsed,
        watch=lambda key: print(f"{process_time() - began:6.1f} s CPU: {key}", flush=True),
    )
    told = Operating(
        made_on=datetime.now(UTC).date(),
        rules_version=load_rules().version,
        parameters_version=load_priors()["phq-9.total"].version,
        worlds_version=load_worlds().version,
        figures=found,
    )
    how.out.write_text(as_toml(told), encoding="utf-8")
    for name, picture in charts(found).items():
        (how.images / name).write_text(picture, encoding="utf-8")
    print(f"{process_time() - began:6.1f} s CPU: written {how.out}")


if __name__ == "__main__":
    main()
