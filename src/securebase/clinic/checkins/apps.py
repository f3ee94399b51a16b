"""CheckIns as a Django app."""

from django.apps import AppConfig


class CheckInsConfig(AppConfig):
    """The agreed rhythm and each moment of answering."""

    name = "securebase.clinic.checkins"
    label = "checkins"
    default_auto_field = "django.db.models.BigAutoField"
