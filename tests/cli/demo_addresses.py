"""Every address as the demo has them: the program's own, and the ways in."""

from django.urls import include, path

from securebase.config.urls import handler404, handler500, urlpatterns

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("demo/", include("securebase.pages.public.demo_urls"))]
