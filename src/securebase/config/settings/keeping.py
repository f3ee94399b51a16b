"""Backup, restore and verify: nobody is served, so nothing is made in the data folder."""

import secrets

from securebase.config.settings.base import *  # noqa: F403

SECRET_KEY = secrets.token_urlsafe(64)
