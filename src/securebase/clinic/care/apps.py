"""Care as a Django app."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """The practice, its patients, and who cares for whom."""

    name = "securebase.clinic.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"
