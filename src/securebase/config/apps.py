"""The configuration as a Django app, so that its checks run with Django's own."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from securebase.science.library import read_also


class SafeConfig(AppConfig):
    """Brings the safe-configuration checks."""

    name = "securebase.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the checks known to Django, and its own instruments to the library."""
        import_module("securebase.config.checks")
        read_also(settings.DATA_DIR / "instruments")
