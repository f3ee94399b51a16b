"""The figures as a file of content, and back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from securebase.content import content_text
from securebase.science.calibrate.count import Calibration, Share
from securebase.science.calibrate.figures import Figures, Forecasts, Look, Rate, Together
from securebase.science.errors import ContentError

DIGITS = 4
HEAD = """\
# Written by `make calibrate`; do not edit. How often the signals are wrong, in invented
# people of several worlds (content/worlds.toml). Pairs are a share and its Monte Carlo
# standard error; nan where nobody was. What each figure means: docs/reference/signals.md.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """The figures of one run, with the versions of everything they depend on."""

    made_on: date
    rules_version: str
    parameters_version: str
    worlds_version: str
    figures: Figures


def as_toml(told: Operating) -> str:
    """Return the figures as TOML, one row to a line."""
    found = told.figures
    stamp = {
        "made_on": told.made_on,
        "rules_version": told.rules_version,
        "parameters_version": told.parameters_version,
        "worlds_version": told.worlds_version,
        "seed": found.seed,
        "people": found.people,
        "rehearsed": found.rehearsed,
    }
    lines = [HEAD, *(f"{key} = {_said(value)}" for key, value in stamp.items())]
    for name in ("rates", "looks", "forecasts", "together"):
        rows = (_row(asdict(one)) for one in getattr(found, name))
        lines.append(f"\n{name} = [\n" + "".join(f"  {row},\n" for row in rows) + "]")
    return "\n".join(lines) + "\n"


@cache
def load_operating() -> Operating:
    """Read the figures that come with the program, ``content/operating.toml``."""
    text = content_text("operating.toml")
    return read(text, where="content/operating.toml")


def read(text: str, *, where: str) -> Operating:
    """Read figures.

    Raises
    ------
    ContentError
        If the text is not TOML, or lacks something.
    """
    try:
        told = tomllib.loads(text)
        return Operating(
            made_on=told["made_on"],
            rules_version=told["rules_version"],
            parameters_version=told["parameters_version"],
            worlds_version=told["worlds_version"],
            figures=_figures(told),
        )
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{where} is not TOML: {error}. Run make calibrate.") from None
    except KeyError as error:
        raise ContentError(f"{where} lacks {error.args[0]!r}. Run make calibrate.") from None


def _figures(told: Mapping[str, Any]) -> Figures:
    return Figures(
        seed=told["seed"],
        people=told["people"],
        rehearsed=told["rehearsed"],
        rates=tuple(
            Rate(**{**_shares(one), "right_at": _at(one["right_at"])}) for one in told["rates"]
        ),
        looks=tuple(Look(**_shares(one)) for one in told["looks"]),
        forecasts=tuple(_forecast(one) for one in told["forecasts"]),
        together=tuple(Together(**_shares(one)) for one in told["together"]),
    )


def _at(told: Mapping[str, float]) -> dict[float, float]:
    return {float(share): value for share, value in told.items()}


def _forecast(one: Mapping[str, Any]) -> Forecasts:
    lines = {
        name: Calibration(**one[name]) if name in one else None
        for name in ("improve", "worsen")
    }
    bins = tuple((stated, came, int(people)) for stated, came, people in one["bins"])
    return Forecasts(**{**_shares(one), **lines, "bins": bins})


def _shares(one: Mapping[str, Any]) -> dict[str, Any]:
    """Turn every pair into a share with its error."""
    return {
        key: Share(*value) if key != "bins" and isinstance(value, list) else value
        for key, value in one.items()
    }


def _row(one: Mapping[str, Any]) -> str:
    known = {key: value for key, value in one.items() if value is not None}
    return "{ " + ", ".join(f"{_key(k)} = {_said(v)}" for k, v in known.items()) + " }"


def _key(key: object) -> str:
    text = str(key)
    return text if text.isidentifier() else f'"{text}"'


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        pair = set(value) == {"value", "se"}
        return _list(value.values()) if pair else _row(value)
    if isinstance(value, tuple):
        return _list(value)
    if isinstance(value, float):
        return f"{round(value, DIGITS)}"
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _list(values: Iterable[object]) -> str:
    return "[" + ", ".join(_said(one) for one in values) + "]"
