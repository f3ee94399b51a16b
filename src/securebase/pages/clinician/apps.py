"""The clinician pages as a Django app."""

from django.apps import AppConfig


class ClinicianConfig(AppConfig):
    """Views, templates and static files of the clinician pages."""

    name = "securebase.pages.clinician"
    label = "clinician_pages"
    default_auto_field = "django.db.models.BigAutoField"
