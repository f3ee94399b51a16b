"""Where things are: the files of the program, parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "securebase"

CLINIC_ORDER = (
    "care",
    "consent",
    "measurement",
    "practice",
    "careteam",
    "checkins",
    "therapy",
    "notes",
    "episodes",
    "guidance",
)


@cache
def modules() -> tuple[Path, ...]:
    """Return every Python file of the program but migrations."""
    return tuple(p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of one file."""
    return ast.parse(path.read_text())


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of one file, the outermost first."""
    return tuple(ast.walk(tree(path)))


def calls(path: Path) -> list[tuple[ast.Call, str]]:
    """Return every call of something by way of a dot, with the word behind the dot."""
    found = [node for node in nodes(path) if isinstance(node, ast.Call)]
    return [(one, one.func.attr) for one in found if isinstance(one.func, ast.Attribute)]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of one file, methods included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in nodes(path) if isinstance(node, kinds)]


def length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function takes, its docstring not counted."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def name(path: Path) -> str:
    """Return a path as it is said in a message."""
    return str(path.relative_to(ROOT))
