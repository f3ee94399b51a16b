"""The tests: a throw-away key, quick password hashing, mail kept in memory."""

import os
import tempfile
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="securebase-test-"))
os.environ.setdefault("SECUREBASE_DATA_DIR", str(_scratch))
os.environ["SECUREBASE_KEY_FILE"] = str(_scratch / "root.key")

from securebase.config.settings.base import *  # noqa: E402, F403
from securebase.people.vault.crypto import make_root_key  # noqa: E402

make_root_key(_scratch / "root.key")

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECUREBASE_SIGNALS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
