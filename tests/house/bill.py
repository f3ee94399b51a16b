"""The bill of materials: every package that the program runs with, as CycloneDX 1.6.

It is worked out from the lock alone, so it says the same on every machine and names no
address. Hashes stay in the lock, where one package has many files.
"""

from __future__ import annotations

import importlib.resources
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.house.plan import ROOT

LOCKED = re.compile(r"^([a-z0-9.-]+)==(\S+)(?: ; (.+?))? *\\?$", re.M)
HTMX = "static/django_htmx/htmx-2.min.js"
NAMED = re.compile(r"^[A-Za-z0-9.-]+")

Part = dict[str, Any]


def bill() -> str:
    """Return the bill of materials of the locked versions."""
    lock = (ROOT / "requirements" / "run.txt").read_text()
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    root = _component(own["name"], own["version"], kind="application")
    parts = [*_packages(lock), _htmx()]
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, own['version'] + lock)}",
        "version": 1,
        "metadata": {"component": root | {"licenses": [{"license": {"id": own["license"]}}]}},
        "components": parts,
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": _direct(own, parts)}],
        "compositions": [
            {"aggregate": "complete", "assemblies": [root["bom-ref"]]},
            {"aggregate": "incomplete", "dependencies": [one["bom-ref"] for one in parts]},
        ],
    }
    return json.dumps(told, indent=1) + "\n"


def _packages(lock: str) -> Iterator[Part]:
    for name, version, where in LOCKED.findall(lock):
        part = _component(name, version)
        if where:
            part["properties"] = [{"name": "securebase:where", "value": where}]
        yield part


def _htmx() -> Part:
    """Return the one script of somebody else's that browsers get, carried by a package."""
    script = importlib.resources.files("django_htmx").joinpath(HTMX).read_text()
    found = re.search(r'version:"([0-9.]+)"', script)
    if found is None:
        raise ValueError(f"{HTMX} does not say its version; look at how it does now.")
    return _component("htmx.org", found[1], where="npm")


def _direct(own: dict[str, Any], parts: list[Part]) -> list[str]:
    """Return what the program asks for itself; what those ask for in turn is not told."""
    asked = {match[0] for line in own["dependencies"] if (match := NAMED.match(line))}
    return [one["bom-ref"] for one in parts if one["name"] in asked]


def _component(name: str, version: str, *, kind: str = "library", where: str = "pypi") -> Part:
    purl = f"pkg:{where}/{name}@{version}"
    part = {"type": kind, "bom-ref": purl, "name": name, "version": version}
    return part | ({"purl": purl} if kind == "library" else {})
