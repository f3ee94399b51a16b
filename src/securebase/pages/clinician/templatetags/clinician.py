"""Small words that several clinician pages say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from securebase.clinic.care.cover import cover_held_by
from securebase.clinic.care.days import last_day
from securebase.clinic.care.emergency import emergencies_of
from securebase.clinic.care.models import Patient
from securebase.pages.shared.shapes import Link
from securebase.people.accounts.models import Role

register = template.Library()


@register.simple_tag
def link(label: str, name: str, *args: object) -> Link:
    """Return a link to a named page, to be handed to a component."""
    return Link(label, reverse(name, args=args))


@register.simple_tag
def due(at: datetime, now: datetime) -> str:
    """Say by when something was promised: "by 18:00", "by tomorrow 18:00", "was due ..."."""
    moment, here = timezone.localtime(at), timezone.localtime(now)
    clock = date_format(moment, "H:i")
    words = {
        here.date(): clock,
        here.date() + timedelta(days=1): f"tomorrow {clock}",
    }
    said = words.get(moment.date(), date_format(moment, "D j M, H:i"))
    return f"was due {said}" if moment < here else f"by {said}"


@register.simple_tag
def input_value(value: float | str | None) -> str:
    """Show one input of a signal: a number short, words as they are, nothing as "none"."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("clinician/_ties_now.html", takes_context=True)
def ties_now(context: Context) -> dict[str, Any]:
    """Show which records are open in an emergency now, and what one is covering."""
    user, at = context["request"].user, timezone.now()
    if not user.holds(Role.CLINICIAN):
        return {}
    patient = context.get("patient")
    cover = cover_held_by(user, patient, at=at) if isinstance(patient, Patient) else None
    return {
        "now": at,
        "emergencies": emergencies_of(user, at=at),
        "cover": cover,
        "last": last_day(cover.until, timezone.get_current_timezone_name())
        if cover and cover.until
        else None,
    }
