"""Where somebody's last attachment scores lay, for a clinician who wishes to be told."""

from __future__ import annotations

from datetime import datetime

from securebase.clinic.care.models import Patient
from securebase.clinic.guidance.wishing import wishes_of
from securebase.people.accounts.models import User
from securebase.science.plane import Region
from securebase.stories.attachment_places import IN_GENERAL, attachment_places


def region_wished_for(user: User, patient: Patient, *, at: datetime) -> Region | None:
    """Return the region of the newest scores about people in general.

    None if the clinician does not wish for it, if nothing was measured, or if the place
    is too close to the middle to tell.
    """
    if not wishes_of(user).patterns:
        return None
    newest = max(
        (
            about.places[-1]
            for plane in attachment_places(user=user, patient=patient, at=at)
            for about in plane.abouts
            if about.whom == IN_GENERAL and about.places
        ),
        key=lambda place: place.at,
        default=None,
    )
    return newest.standing.label if newest else None
