"""Said as a Django app."""

from django.apps import AppConfig


class SaidConfig(AppConfig):
    """Drafts, messages and answers, feelings named, and the patient's view of the course."""

    name = "securebase.clinic.said"
    label = "said"
    default_auto_field = "django.db.models.BigAutoField"
