"""Consent as a Django app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The ledger of what patients share, and the partners it can be shared with."""

    name = "securebase.clinic.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"
