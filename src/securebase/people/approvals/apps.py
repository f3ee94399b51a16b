"""The approvals as a Django app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Acts that wait for a second person."""

    name = "securebase.people.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
