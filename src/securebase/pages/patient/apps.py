"""The patient pages as a Django app."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    """Views, templates and static files of the patient pages."""

    name = "securebase.pages.patient"
    label = "patient_pages"
    default_auto_field = "django.db.models.BigAutoField"
