"""Addresses of the host pages."""

from django.urls import URLPattern, path

from securebase.pages.host import start
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.style import style

urlpatterns: list[URLPattern] = [
    path("", start.start, name="host_start"),
    path("style/", for_audience(Audience.HOST)(style), name="style"),
]
