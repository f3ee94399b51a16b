"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys and sealed fields."""

    name = "securebase.people.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
