"""Guidance as a Django app."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Suggestions and decisions."""

    name = "securebase.clinic.guidance"
    label = "guidance"
    default_auto_field = "django.db.models.BigAutoField"
