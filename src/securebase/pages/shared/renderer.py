"""How Django's forms are laid out: our field, our words, nothing else."""

from django.forms.renderers import TemplatesSetting


class CalmRenderer(TemplatesSetting):
    """Forms as the shared components lay them out; set as ``FORM_RENDERER``."""

    form_template_name = "shared/forms/form.html"
    field_template_name = "shared/forms/field.html"
