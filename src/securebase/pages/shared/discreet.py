"""What somebody chose so that this place shows less on one device.

It is kept on the device and nowhere else: a phone of one's own and the family's computer
ask for different things, and nobody else needs to know which was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.http import HttpRequest, HttpResponse

COOKIE = "page"
A_YEAR = 60 * 60 * 24 * 365


@dataclass(frozen=True, slots=True)
class Discreet:
    """What was chosen on this device."""

    plain: bool = False
    """Every page shows one plain word and one plain picture on its tab."""
    hidden: bool = False
    """The button to leave is not shown; its keys still work."""
    shared: bool = False
    """Other people use this device: it locks sooner, and asks anew once it was closed."""


def discreet_of(request: HttpRequest) -> Discreet:
    """Return what was chosen on the device that asks."""
    chosen = request.COOKIES.get(COOKIE, "").split("-")
    return Discreet(**{one.name: one.name in chosen for one in fields(Discreet)})


def keep_discreet(request: HttpRequest, response: HttpResponse, chosen: Discreet) -> None:
    """Keep a choice on the device; nothing is kept of having chosen nothing."""
    names = [one.name for one in fields(Discreet) if getattr(chosen, one.name)]
    if not names:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        "-".join(names),
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
