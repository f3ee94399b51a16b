"""Post as a Django app."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Letters that leave the house."""

    name = "securebase.people.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"
