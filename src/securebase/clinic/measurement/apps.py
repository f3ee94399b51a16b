"""Measurement as a Django app."""

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """What was answered and what it scored."""

    name = "securebase.clinic.measurement"
    label = "measurement"
    default_auto_field = "django.db.models.BigAutoField"
