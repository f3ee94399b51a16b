"""The shared pages as a Django app: it owns templates, static files and tags."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """Layout, components and charts that every audience's pages are made of."""

    name = "securebase.pages.shared"
    label = "shared"
    verbose_name = "Shared pages"
