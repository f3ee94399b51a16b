"""Addresses of the clinician pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
