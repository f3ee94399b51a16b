"""Leading back to the page a form was on."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from securebase.pages.shared.access import SignedInRequest


def back_of(request: SignedInRequest, *, patient_id: UUID) -> str:
    """Return the page the form was on, if it is one of ours, else the person's."""
    back = request.POST.get("back", "")
    if back.startswith("/desk/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("desk_person", args=[patient_id])
