"""Addresses of crisis help and of what keeps it at hand without a connection."""

from django.urls import URLPattern, path

from securebase.pages.public import help_now

urlpatterns: list[URLPattern] = [
    path("help-now", help_now.help_now, name="help_now"),
    path("offline", help_now.offline, name="offline"),
    path("offline-worker.js", help_now.offline_worker, name="offline_worker"),
]
