"""Practice as a Django app."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Exercises done, and the kit a patient puts together."""

    name = "securebase.clinic.practice"
    label = "practice"
    default_auto_field = "django.db.models.BigAutoField"
