"""Formulation as a Django app."""

from django.apps import AppConfig


class FormulationConfig(AppConfig):
    """What is understood together, the window of tolerance, and goals."""

    name = "securebase.clinic.formulation"
    label = "formulation"
    default_auto_field = "django.db.models.BigAutoField"
