"""The copy for a device, and the check-in that comes back from it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from securebase.pages.patient.checkin import own_checkin
from securebase.pages.patient.moments import own_record
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category
from securebase.science.errors import BadInput
from securebase.stories.device_copy import device_copy
from securebase.stories.send_offline import OfflineSheet, send_offline

LARGEST = 100_000
"""Bytes of answers that a device may send."""
NOT_UNDERSTOOD = "These answers could not be read. They are still on the device."


@for_audience(Audience.PATIENT, Category.MESSAGE)
@require_safe
def copy(request: SignedInRequest) -> HttpResponse:
    """Return what the device is to keep; it is sealed there, under a PIN of one's own."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    told = device_copy(patient=patient, by=request.user, at=at)
    return JsonResponse(told | {"made_at": at.isoformat(), "token": get_token(request)})


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE, of="checkins.CheckIn")
@require_POST
def send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a check-in that was answered without a connection; the same key once."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    try:
        sheet = _sheet(request.body[:LARGEST])
        receipt = send_offline(checkin=checkin, sheet=sheet, by=request.user, at=at)
    except (BadInput, ValueError, KeyError, TypeError):
        return JsonResponse({"says": NOT_UNDERSTOOD}, status=422)
    except PermissionDenied as refused:
        return JsonResponse({"says": str(refused)}, status=409)
    sent = reverse("me_sent", kwargs={"pk": checkin.pk})
    return JsonResponse({"says": "Sent.", "sent": sent, "help": receipt.safety})


def _sheet(body: bytes) -> OfflineSheet:
    """Return what the device kept; ValueError, KeyError or TypeError if it is no such thing."""
    told: dict[str, Any] = json.loads(body)
    given = told["given"]
    if not isinstance(given, dict):
        raise TypeError("given must be an object of answers by ref")
    return OfflineSheet(UUID(told["key"]), _moment(told["answered_at"]), given)


def _moment(text: str) -> datetime:
    at = parse_datetime(text)
    if at is None or timezone.is_naive(at):
        raise ValueError("answered_at must be a date and a time with its zone")
    return at
