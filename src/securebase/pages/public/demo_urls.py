"""Addresses that exist only in the demo."""

from django.urls import URLPattern, path

from securebase.pages.public import demo

urlpatterns: list[URLPattern] = [
    path("enter/<str:token>/", demo.enter, name="demo_enter"),
]
