"""``securebase score``: a file of answers in, a file of scores out, or a clear refusal."""

from __future__ import annotations

import argparse
import csv
import functools
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from securebase.cli.answers import AnswerFile, read_answers
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.matrix import MatrixSheet, score_sheet
from securebase.science.reporting import has_errors
from securebase.science.scoring import band_of
from securebase.science.words import Instrument, Scale, State

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_CHUNK = 50_000
"""Rows written at a time, so that a large file is never held whole as text."""


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "score",
        help="score a file of answers",
        description="Scores a CSV file: any number of id columns, then one column for "
        "each item (1, 2, ... or phq-9.1, phq-9.2, ...). A blank cell is a missing answer.",
    )
    parser.add_argument("slug", metavar="SLUG", help="the instrument, for instance phq-9")
    parser.add_argument("file", metavar="FILE.csv", help="the answers; - reads from a pipe")
    parser.add_argument(
        "--out", metavar="OUT.csv", help="where to write; the screen if not given"
    )
    parser.add_argument(
        "--missing", metavar="CODE", help="also marks a missing answer, such as 99"
    )


def run(args: argparse.Namespace) -> int:
    """Read and score everything, and only then write."""
    one = instrument(args.slug)
    raw = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    _refuse_overwriting(args.file, args.out)
    answers = read_answers(one, raw, missing=args.missing)
    sheet = score_sheet(one, answers.table)
    header = [*answers.id_names, *_header(one)]
    _refuse_clash(header)
    with _destination(args.out) as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for start in range(0, len(answers.table), _CHUNK):
            writer.writerows(_rows(one, answers, sheet, slice(start, start + _CHUNK)))
    return 0


def _refuse_overwriting(file: str, out: str | None) -> None:
    if out and file != "-" and Path(out).exists() and Path(out).samefile(file):
        raise BadInput(f"--out {out} is the file of answers itself; write somewhere else.")


def _refuse_clash(header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise BadInput(
            f"The file has a column called {twice[0]!r}, which is also a score; rename it."
        )


def _header(one: Instrument) -> list[str]:
    names: list[str] = []
    for scale in one.scales:
        names += [scale.slug, f"{scale.slug}.answered", f"{scale.slug}.state"]
        if _has_bands(one, scale):
            names.append(f"{scale.slug}.band")
        if has_errors(scale):
            names.append("SE")
    return names + [outcome.key for outcome in one.outcomes]


def _has_bands(one: Instrument, scale: Scale) -> bool:
    return any(band.scale == scale.slug for band in one.bands)


def _rows(
    one: Instrument, answers: AnswerFile, sheet: MatrixSheet, rows: slice
) -> Iterator[tuple[str, ...]]:
    """Give the rows of one chunk as text, column by column so that it stays fast."""
    columns: list[list[str]] = [column[rows] for column in answers.id_columns]
    for scale in one.scales:
        values = sheet.values[scale.slug][rows].tolist()
        columns.append(_said(values, lambda value: f"{value:.10g}"))
        columns.append([str(n) for n in sheet.answered[scale.slug][rows].tolist()])
        prorated = sheet.prorated[scale.slug][rows].tolist()
        columns.append([_state(*pair) for pair in zip(values, prorated, strict=True)])
        if _has_bands(one, scale):
            band = functools.partial(band_of, one.bands, scale.slug)
            columns.append(_said(values, band))
        if has_errors(scale):
            errors = sheet.errors[scale.slug][rows].tolist()
            columns.append(_said(errors, lambda value: f"{value:.10g}"))
    for outcome in one.outcomes:
        verdicts = sheet.verdicts[outcome.key]
        words = [_word(word) for word in verdicts.words] + [""]
        columns.append([words[code] for code in verdicts.codes[rows].tolist()])
    return zip(*columns, strict=True)


def _said(values: list[float], say: Callable[[float], str | None]) -> list[str]:
    """Put each value in words once; blank where there is no value."""
    words = {value: say(value) or "" for value in set(values) if not math.isnan(value)}
    return [words.get(value, "") for value in values]


def _state(value: float, prorated: bool) -> str:
    if math.isnan(value):
        return State.INCOMPLETE.value
    return State.PRORATED.value if prorated else State.SCORED.value


def _word(word: str | bool) -> str:
    return word if isinstance(word, str) else str(word).lower()


@contextmanager
def _destination(out: str | None) -> Iterator[IO[str]]:
    """Open the screen, or a file that takes its name only when it is whole."""
    if out is None:
        yield sys.stdout
        return
    folder = Path(out).resolve().parent
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=folder, prefix=".score-", delete=False
    ) as draft:
        try:
            yield draft
            draft.flush()
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(out)
