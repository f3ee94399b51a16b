"""Addresses of the public pages."""

from django.urls import URLPattern, URLResolver, include, path

from securebase.pages.public import front_door, set_up, welcome

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door.front_door, name="front_door"),
    path("", include("securebase.pages.public.help_urls")),
    path("healthz", front_door.healthz, name="healthz"),
    path("set-up/<str:token>/", set_up.set_up, name="set_up"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
]
