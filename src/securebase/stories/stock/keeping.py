"""What keeps the practice safe: keys, recovery sheet, anchors, disk and versions."""

from __future__ import annotations

import platform
import shutil
from datetime import datetime, timedelta
from importlib.metadata import version

from django.conf import settings

from securebase.people.audit.models import Anchor
from securebase.stories.keep_keys.look_at_keys import KeyFacts, look_at_keys
from securebase.stories.stock.fact import Fact, figures

MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000


def keeping_facts(*, at: datetime) -> list[Fact]:
    """Return what there is to say of keys, anchors, disk and versions."""
    keys = look_at_keys()
    return [_keys(keys, at), _sheet(keys), _anchors(), _disk(), _versions()]


def _keys(keys: KeyFacts, at: datetime) -> Fact:
    says = f"In {keys.home}; practice key since {keys.practice_since:%d %b %Y}."
    if keys.back_again:
        then = "Start the program again, or type securebase keys erased --apply."
        return Fact("Keys", "now", "A restored backup brought an erased person back.", then)
    if at - keys.practice_since > timedelta(days=figures("keys")["look_after_days"]):
        then = "Renew them: securebase keys rotate --data, then --practice."
        return Fact("Keys", "look", says, then)
    if keys.beside_the_data and not settings.SECUREBASE_DEMO:
        then = "Whoever takes the folder takes the key. Move it, or lock it with a passphrase."
        return Fact("Keys", "look", f"{says} It lies beside the data.", then)
    return Fact("Keys", "settled", says)


def _sheet(keys: KeyFacts) -> Fact:
    if keys.sheet_tried_at:
        return Fact("Recovery sheet", "settled", f"Tried on {keys.sheet_tried_at:%d %b %Y}.")
    then = "Make it and type it back under Keys; until then nobody can be welcomed."
    return Fact("Recovery sheet", "look", "Not tried yet.", then)


def _anchors() -> Fact:
    last = Anchor.objects.last()
    if last is None:
        then = "The worker keeps the first one within a day."
        return Fact("Anchors", "look", "None is kept yet.", then)
    return Fact(
        "Anchors", "settled", f"The newest is of {last.day:%d %b %Y}, row {last.number}."
    )


def _disk() -> Fact:
    free = shutil.disk_usage(settings.DATA_DIR).free
    says = f"{free / GIGABYTE:.1f} GB free where the data are."
    limits, then = figures("disk"), "Make room before the next backup."
    for state in ("now", "look"):
        if free < limits[f"{state}_below_mb"] * MEGABYTE:
            return Fact("Disk", state, says, then)
    return Fact("Disk", "settled", says)


def _versions() -> Fact:
    parts = f"Securebase {version('securebase')}, Django {version('django')}"
    return Fact("Versions", "settled", f"{parts}, Python {platform.python_version()}.")
