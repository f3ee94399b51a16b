"""One machine, loopback only: development and the default of ``securebase serve``."""

from securebase.config.settings.base import *  # noqa: F403
from securebase.config.settings.base import DATA_DIR, env
from securebase.config.settings.secret import secret_key

SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("SECUREBASE_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
