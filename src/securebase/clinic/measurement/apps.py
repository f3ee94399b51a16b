"""Measurement as a Django app."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from securebase.science.adaptive.forms import load_forms


class MeasurementConfig(AppConfig):
    """What was answered and what it scored."""

    name = "securebase.clinic.measurement"
    label = "measurement"
    default_auto_field = "django.db.models.BigAutoField"
    bank_problems: tuple[str, ...] = ()
    """Why banks that lie beside the data were not loaded."""

    def ready(self) -> None:
        """Load the item banks that lie beside the data."""
        self.bank_problems = load_forms(Path(settings.DATA_DIR) / "banks")
