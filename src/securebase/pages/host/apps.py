"""The host pages as a Django app."""

from django.apps import AppConfig


class HostConfig(AppConfig):
    """Views, templates and static files of the host pages."""

    name = "securebase.pages.host"
    label = "host_pages"
    default_auto_field = "django.db.models.BigAutoField"
