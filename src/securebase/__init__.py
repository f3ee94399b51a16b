"""Attachment-informed trauma therapy: measure, notice, repair.

The science is open to any Python program and never loads Django:

>>> import securebase as sb
>>> phq = sb.instrument("phq-9")
>>> sb.score(phq, {str(n): 1 for n in range(1, 10)}).as_dict()["total"]
9.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from securebase.science.adaptive.bank import load_bank
    from securebase.science.adaptive.sitting import AdaptiveTest
    from securebase.science.adaptive.stop import Stopping
    from securebase.science.library import instrument, instruments
    from securebase.science.matrix import score_matrix
    from securebase.science.psychometrics import psychometrics
    from securebase.science.scoring import score
    from securebase.science.trajectory.filter import filter_caseload
    from securebase.science.trajectory.fit import fit_priors
    from securebase.science.trajectory.prior import Prior, load_priors
    from securebase.science.trajectory.smooth import smooth_caseload

__all__ = [
    "AdaptiveTest",
    "Prior",
    "Stopping",
    "filter_caseload",
    "fit_priors",
    "instrument",
    "instruments",
    "load_bank",
    "load_priors",
    "psychometrics",
    "score",
    "score_matrix",
    "smooth_caseload",
]

_HOME = {
    "AdaptiveTest": "securebase.science.adaptive.sitting",
    "Prior": "securebase.science.trajectory.prior",
    "Stopping": "securebase.science.adaptive.stop",
    "filter_caseload": "securebase.science.trajectory.filter",
    "fit_priors": "securebase.science.trajectory.fit",
    "instrument": "securebase.science.library",
    "instruments": "securebase.science.library",
    "load_bank": "securebase.science.adaptive.bank",
    "load_priors": "securebase.science.trajectory.prior",
    "psychometrics": "securebase.science.psychometrics",
    "score": "securebase.science.scoring",
    "score_matrix": "securebase.science.matrix",
    "smooth_caseload": "securebase.science.trajectory.smooth",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that none costs another."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
