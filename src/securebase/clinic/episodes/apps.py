"""Episodes as a Django app."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """Spans of care, trajectories and signals."""

    name = "securebase.clinic.episodes"
    label = "episodes"
    default_auto_field = "django.db.models.BigAutoField"
