"""Addresses of the partner pages: ids only, never a name."""

from django.urls import URLPattern, path

from securebase.pages.partner import close, shared

urlpatterns: list[URLPattern] = [
    path("", shared.people, name="with_people"),
    path("people/<uuid:pk>/", shared.person, name="with_person"),
    path("support/", close.people, name="with_support"),
    path("support/<uuid:pk>/", close.one, name="with_support_one"),
]
