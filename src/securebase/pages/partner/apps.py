"""The partner pages as a Django app."""

from django.apps import AppConfig


class PartnerConfig(AppConfig):
    """Views and templates of the partner pages."""

    name = "securebase.pages.partner"
    label = "partner_pages"
    default_auto_field = "django.db.models.BigAutoField"
