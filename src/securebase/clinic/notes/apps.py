"""Notes as a Django app."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    """Progress notes with their addenda, process notes, and promises."""

    name = "securebase.clinic.notes"
    label = "notes"
    default_auto_field = "django.db.models.BigAutoField"
