"""Therapy as a Django app."""

from django.apps import AppConfig


class TherapyConfig(AppConfig):
    """Sessions, ruptures and repairs."""

    name = "securebase.clinic.therapy"
    label = "therapy"
    default_auto_field = "django.db.models.BigAutoField"
