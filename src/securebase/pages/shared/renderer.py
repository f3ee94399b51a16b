"""How Django's forms are laid out: our field, our words, nothing else."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from securebase.pages.shared.language.content import spoken


class CalmRenderer(TemplatesSetting):
    """Forms as the shared components lay them out; set as ``FORM_RENDERER``."""

    form_template_name = "shared/forms/form.html"
    field_template_name = "shared/forms/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Lay out a form, a field or a widget; its choices in the language of the page."""
        for _, options, _ in context.get("widget", {}).get("optgroups", ()):
            for option in options:
                option["label"] = spoken(option["label"])
        return super().render(template_name, context, request)
