"""Templates of the pages that speak other languages are marked as they are loaded."""

from __future__ import annotations

from django.template import Origin
from django.template.loaders.app_directories import Loader

from securebase.pages.shared.language.marking import marked

SPOKEN = ("account/", "mfa/", "patient/", "public/", "shared/")
"""What patients and visitors see."""
FOR_STAFF = (
    "public/set_up", "shared/_emergency_", "shared/locked_vault",
    "shared/_style", "shared/components/rail", "shared/components/signal_row",
    "shared/components/suggestion", "shared/components/timeline_entry",
    "shared/shell_desk", "shared/shell_keep", "shared/shell_with", "shared/style",
)  # fmt: skip
"""Of these, what only those who work here see; they work in one language."""


def speaks(name: str) -> bool:
    """Whether a template is read by patients or visitors."""
    return name.startswith(SPOKEN) and not name.startswith(FOR_STAFF) and name.endswith(".html")


class SpokenLoader(Loader):
    """Find templates in the rooms, and mark the text of those that speak."""

    def get_contents(self, origin: Origin) -> str:
        """Return a template, marked if it speaks."""
        source = super().get_contents(origin)
        return marked(source) if speaks(str(origin.template_name)) else source
