"""Safety as a Django app."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    """The patient's own safety plan."""

    name = "securebase.clinic.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"
