"""A server reached by others: TLS in front, secure cookies, hosts named."""

from securebase.config.settings.base import *  # noqa: F403
from securebase.config.settings.base import DATA_DIR, env
from securebase.config.settings.secret import secret_key

SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("SECUREBASE_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front add the address of the one before them; guesses are counted
# by the address that the outermost one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SECUREBASE_PROXIES", default=1)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
