"""The demo: everything as in a practice, with invented people and sign-in links."""

from securebase.config.settings.local import *  # noqa: F403

SECUREBASE_DEMO = True
SECUREBASE_SIGNALS = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
