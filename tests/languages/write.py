"""Renew the catalogs from the texts of today, and compile them.

Run ``python -m tests.languages.write`` after a text has changed. Translations that still
fit are kept; what is new waits in ``owed.json`` until somebody translates it in the
``.po`` file.
"""

from __future__ import annotations

import json
import sys
from itertools import islice

from tests.languages.catalog import (
    OWED,
    as_mo,
    as_po,
    mo_file,
    po_file,
    renewed,
    untranslated,
)

LANGUAGES = ("de",)
SHOWN = 12


def main() -> None:
    """Write every catalog, and say what waits for a translation."""
    waiting: dict[str, list[str]] = {}
    for language in LANGUAGES:
        catalog = renewed(language)
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        po_file(language).write_bytes(as_po(catalog))
        mo_file(language).write_bytes(as_mo(catalog))
        waiting[language] = untranslated(catalog)
        told = f"{language}: {len(catalog)} texts, {len(waiting[language])} not translated"
        sys.stdout.write("\n    ".join([told, *islice(waiting[language], SHOWN)]) + "\n")
    OWED.write_text(json.dumps(waiting, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
