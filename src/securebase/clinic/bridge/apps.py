"""Bridge plans as a Django app."""

from django.apps import AppConfig


class BridgeConfig(AppConfig):
    """Plans for breaks and endings."""

    name = "securebase.clinic.bridge"
    label = "bridge"
    default_auto_field = "django.db.models.BigAutoField"
