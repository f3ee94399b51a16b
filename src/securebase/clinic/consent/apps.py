"""Consent as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The ledger of what patients share, and the partners it can be shared with."""

    name = "securebase.clinic.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the decision on a record know of what is shared."""
        import_module("securebase.clinic.consent.ties")
