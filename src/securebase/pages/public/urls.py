"""Addresses of the public pages."""

from django.urls import URLPattern, URLResolver, include, path

from securebase.pages.public import (
    front_door,
    hand_back,
    leave,
    lock,
    own_copy,
    security_txt,
    set_up,
    welcome,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door.front_door, name="front_door"),
    path("", include("securebase.pages.public.help_urls")),
    path("hand-back", hand_back.hand_back, name="hand_back"),
    path("leave", leave.leave, name="leave"),
    path("own-copy", own_copy.own_copy, name="own_copy"),
    path("manifest.webmanifest", own_copy.manifest, name="manifest"),
    path("lock", lock.lock, name="lock"),
    path("lock/open", lock.unlock, name="unlock"),
    path("lock/state", lock.state, name="lock_state"),
    path("lock/here", lock.here, name="lock_here"),
    path("healthz", front_door.healthz, name="healthz"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("set-up/<str:token>/", set_up.set_up, name="set_up"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
]
