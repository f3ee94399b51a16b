"""Addresses of the kit: what steadies a patient, and how it was."""

from django.urls import URLPattern, path

from securebase.pages.patient import doing, kit, kit_copy

urlpatterns: list[URLPattern] = [
    path("", kit.kit, name="me_kit"),
    path("add/<slug:kind>/", kit.add, name="me_kit_add"),
    path("copy/", kit_copy.copy, name="me_kit_copy"),
    path("copy/check-in/<uuid:pk>/", kit_copy.send, name="me_kit_send"),
    path("do/<slug:slug>/", doing.do, name="me_do"),
    path("done/<uuid:pk>/", doing.done, name="me_done"),
    path("exercise/<slug:slug>/", kit.exercise, name="me_kit_exercise"),
    path("sharing/", kit.share, name="me_kit_share"),
    path("<uuid:pk>/", kit.entry, name="me_kit_entry"),
    path("<uuid:pk>/change/", kit.change, name="me_kit_change"),
    path("<uuid:pk>/file/", kit.file, name="me_kit_file"),
]
