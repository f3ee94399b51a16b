"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "securebase.people.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
