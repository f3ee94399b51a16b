"""The given worked cases: whose instrument each is about, and its answers by item."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from securebase.science.words import Instrument

Vector = dict[str, Any]

FILE = Path(__file__).parent / "vectors.jsonl"
VECTORS: list[Vector] = [json.loads(line) for line in FILE.read_text().splitlines()]

BY_NAME = {
    "PHQ-9": "phq-9",
    "GAD-7": "gad-7",
    "PCL-5": "pcl-5",
    "PCL-5 8-item (B1 B4 C1 C2 D2 D5 E4 E5)": "pcl-5-8",
    "ITQ": "itq",
    "PC-PTSD-5": "pc-ptsd-5",
    "BRFSS ACE (raw codes)": "ace",
    "DES-II": "des-ii",
    "DES-B": "des-b",
    "ECR-R": "ecr-r",
    "ECR-RS (one target)": "ecr-rs",
    "ECR-S": "ecr-s",
    "RAAS": "raas",
    "RQ": "rq",
    "DERS-16": "ders-16",
    "ERQ": "erq",
    "SCS-SF": "scs-sf",
    "CORE-10": "core-10",
    "K10/K6 (answers 1-5, 5=all of the time)": "k10",
    "WHO-5": "who-5",
    "WHODAS 12 simple": "whodas-12",
    "WAI-SR": "wai-sr",
    "HAq-II": "haq-ii",
    "MSPSS": "mspss",
    "UCLA-3 (1-3)": "ucla-3",
    "LSNS-6": "lsns-6",
    "AHC-HRSN safety": "ahc-hrsn",
    "C-SSRS screener [q1..q6, q6 within 3 months]": "c-ssrs-screener",
    "ASQ [q1..q4, q5]": "asq",
    "PROMIS Depression 8a": "promis-depression-8a",
    "PROMIS Depression 4a": "promis-depression-4a",
    "PROMIS Depression 8b (DSM-5 level 2)": "promis-depression-8b",
    "PROMIS Anxiety 4a": "promis-anxiety-4a",
    "PROMIS Anxiety 8a": "promis-anxiety-8a",
    "PROMIS Sleep disturbance 4a": "promis-sleep-disturbance-4a",
    "PROMIS Sleep disturbance 8b": "promis-sleep-disturbance-8b",
    "PROMIS Emotional support 4a": "promis-emotional-support-4a",
    "PROMIS Social isolation 4a": "promis-social-isolation-4a",
    "PROMIS Global mental health (4)": "promis-global-mental-health",
}
SCORED = [vector for vector in VECTORS if vector["inst"] in BY_NAME]
NOT_OURS = {
    "ORS": "not scored without a licence",
    "SRS": "not scored without a licence",
    "Jacobson-Truax": "a formula",
    "threshold from SD, r": "a formula",
    "criterion c": "a formula",
    "PCL-5 Marx thresholds": "a formula",
}


def answers_of(vector: Vector, one: Instrument) -> dict[str, int | None]:
    """Return the answers of a worked case by item id."""
    stated = vector["in"]
    ids = [item.id for item in one.items]
    if isinstance(stated, str):
        return dict(zip(ids, _described(stated, len(ids)), strict=True))
    if isinstance(stated, list):
        return dict(zip(ids[-len(stated) :], stated, strict=True))
    if "raw" in stated:
        return _adding_up(stated["raw"], one)
    if set(stated) == {"P", "C"}:
        return dict(zip(ids, [*stated["P"], *stated["C"]], strict=True))
    if "items" in stated:
        return dict(zip(ids, [stated["exposed"], *stated["items"]], strict=True))
    return dict(stated)


def _described(words: str, count: int) -> Sequence[int]:
    """Turn "all 1", "item k = ((k-1) mod 5)+1" or a sum in words into answers."""
    if alike := re.match(r"all (\d)", words):
        return [int(alike[1])] * count
    if turning := re.match(r"item k = \(\(k-1\) mod (\d)\)\+1", words):
        return [k % int(turning[1]) + 1 for k in range(count)]
    assert words == "28 answers summing to 420"
    return [20] * 14 + [10] * 14


def _adding_up(raw: int, one: Instrument) -> dict[str, int | None]:
    """Spread a raw score over the items, as full as can be from the first on."""
    rest = raw - sum(item.low for item in one.items)
    answers: dict[str, int | None] = {}
    for item in one.items:
        more = min(rest, item.high - item.low)
        answers[item.id] = item.low + more
        rest -= more
    return answers
