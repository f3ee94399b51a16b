"""Write ``nile.csv`` and ``nile_figures.csv``: the Nile as a local level, by statsmodels.

Run with the packages of ``requirements/bench.txt``. Data: flow of the Nile at Aswan, 1871
to 1970, Cobb (1978), as in statsmodels. The model and its figures are those of Durbin &
Koopman (2012), section 2.2: variances 15099 and 1469.1, exact diffuse start.
"""

import csv
from pathlib import Path

import numpy as np
import statsmodels
from statsmodels.datasets import nile
from statsmodels.tsa.statespace.structural import UnobservedComponents

HERE = Path(__file__).parent


def main() -> None:
    """Fit, smooth, and write one row per year."""
    told = nile.load_pandas().data
    model = UnobservedComponents(
        told["volume"].to_numpy(), "local level", use_exact_diffuse=True
    )
    got = model.fit(disp=False, method="powell", xtol=1e-12, ftol=1e-14, maxiter=10_000)
    level, noise = got.params[1], got.params[0]
    with (HERE / "nile.csv").open("w", newline="", encoding="utf-8") as handle:
        write = csv.writer(handle, lineterminator="\n").writerow
        write(("year", "volume", "filtered", "smoothed", "smoothed_sd"))
        sds = np.sqrt(got.smoothed_state_cov[0, 0])
        columns = (got.filtered_state[0], got.smoothed_state[0], sds)
        for i, (year, volume) in enumerate(zip(told["year"], told["volume"], strict=True)):
            write((int(year), volume, *(f"{column[i]:.10g}" for column in columns)))
    with (HERE / "nile_figures.csv").open("w", newline="", encoding="utf-8") as handle:
        write = csv.writer(handle, lineterminator="\n").writerow
        write(("figure", "value"))
        for figure, value in (("loglik", got.llf), ("level", level), ("noise", noise)):
            write((figure, f"{value:.10g}"))
    print(f"nile.csv: statsmodels {statsmodels.__version__}, NumPy {np.__version__}")


if __name__ == "__main__":
    main()
