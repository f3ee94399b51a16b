"""Every address, by audience; the first segment is the folder in ``pages``."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from securebase.pages.public.closed import closed
from securebase.pages.shared import errors

urlpatterns = [
    path("", include("securebase.pages.public.urls")),
    path("me/", include("securebase.pages.patient.urls")),
    path("desk/", include("securebase.pages.clinician.urls")),
    path("with/", include("securebase.pages.partner.urls")),
    path("keep/", include("securebase.pages.host.urls")),
    path("account/email/", closed),
    path("account/", include("securebase.pages.public.account_urls")),
    path("account/", include("allauth.urls")),
]
if settings.SECUREBASE_DEMO:
    urlpatterns += [path("demo/", include("securebase.pages.public.demo_urls"))]

handler400 = errors.bad_request
handler403 = errors.no_permission
handler404 = errors.not_found
handler500 = errors.went_wrong
