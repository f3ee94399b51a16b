"""Addresses of the patient pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
