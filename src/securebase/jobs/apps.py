"""The jobs as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What runs by the clock."""

    name = "securebase.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
