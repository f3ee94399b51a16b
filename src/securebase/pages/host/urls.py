"""Addresses of the host pages."""

from django.urls import URLPattern, path

from securebase.pages.host import backups, concerns, emergencies, keys, start, supervision
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.style import style

urlpatterns: list[URLPattern] = [
    path("", start.start, name="host_start"),
    path("anchors/", concerns.anchors, name="host_anchors"),
    path("backups/", backups.backups, name="host_backups"),
    path("concerns/", concerns.concerns, name="host_concerns"),
    path("concerns/<uuid:pk>/", concerns.concern, name="host_concern"),
    path("emergencies/", emergencies.emergencies, name="host_emergencies"),
    path("emergencies/<uuid:pk>/", emergencies.emergency, name="host_emergency"),
    path("keys/", keys.keys, name="host_keys"),
    path("keys/sheet", keys.sheet, name="host_keys_sheet"),
    path("keys/try", keys.trial, name="host_keys_trial"),
    path("supervision/", supervision.supervision, name="host_supervision"),
    path("supervision/<uuid:pk>/end", supervision.end, name="host_supervision_end"),
    path(
        "style/", for_audience(Audience.HOST, impersonal="the style guide")(style), name="style"
    ),
]
