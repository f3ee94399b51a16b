"""The configuration as a Django app, so that its checks run with Django's own."""

from importlib import import_module

from django.apps import AppConfig


class SafeConfig(AppConfig):
    """Brings the safe-configuration checks."""

    name = "securebase.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the checks known to Django."""
        import_module("securebase.config.checks")
