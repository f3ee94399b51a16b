"""Addresses of the partner pages: ids only, never a name."""

from django.urls import URLPattern, path

from securebase.pages.partner import shared

urlpatterns: list[URLPattern] = [
    path("", shared.people, name="with_people"),
    path("people/<uuid:pk>/", shared.person, name="with_person"),
]
