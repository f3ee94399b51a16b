"""The examples in docstrings.

Whoever reads how a function is called may rely on it: every example in a docstring is
run, and gives what stands beneath it.
"""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import securebase

ROOT = Path(securebase.__file__).parent
SHOWING = sorted(
    ".".join(("securebase", *file.relative_to(ROOT).with_suffix("").parts))
    for file in ROOT.rglob("*.py")
    if ">>>" in file.read_text("utf-8")
)


@pytest.mark.parametrize("name", SHOWING)
def test_every_example_gives_what_stands_beneath_it(name: str) -> None:
    found = doctest.testmod(import_module(name.removesuffix(".__init__")))

    assert found.attempted > 0
    assert found.failed == 0
