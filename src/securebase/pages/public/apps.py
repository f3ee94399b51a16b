"""The public pages as a Django app."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Views, templates and static files of the public pages."""

    name = "securebase.pages.public"
    label = "public_pages"
    default_auto_field = "django.db.models.BigAutoField"
