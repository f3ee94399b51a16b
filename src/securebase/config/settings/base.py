"""What every installation shares; each other settings file says only how it differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ  # type: ignore[import-untyped]

env = environ.Env()

PACKAGE = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("SECUREBASE_DATA_DIR", default="data")).resolve()
CREDENTIAL = Path(env("CREDENTIALS_DIRECTORY", default="/nonexistent")) / "securebase-root.key"
SECUREBASE_KEY_FILE = env(
    "SECUREBASE_KEY_FILE",
    default=str(CREDENTIAL if CREDENTIAL.exists() else DATA_DIR / "keys" / "root.key"),
)
SECUREBASE_BACKUP_DIR = env("SECUREBASE_BACKUP_DIR", default=str(DATA_DIR / "backups"))
SECUREBASE_BASE_URL = env("SECUREBASE_BASE_URL", default="http://127.0.0.1:8000")
SECUREBASE_SECURITY_CONTACT = env("SECUREBASE_SECURITY_CONTACT", default="")
SECUREBASE_LEAKED_LIST = env("SECUREBASE_LEAKED_LIST", default="")
SECUREBASE_COUNTRY = env("SECUREBASE_COUNTRY", default="GB")
SECUREBASE_SIGNALS = env.bool("SECUREBASE_SIGNALS", default=False)
SECUREBASE_DEMO = False

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "securebase.config.urls"
ASGI_APPLICATION = "securebase.config.asgi.application"
WSGI_APPLICATION = "securebase.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "securebase.people.vault",
    "securebase.people.accounts",
    "securebase.people.audit",
    "securebase.people.approvals",
    "securebase.people.post",
    "securebase.clinic.care",
    "securebase.clinic.consent",
    "securebase.clinic.measurement",
    "securebase.clinic.safety",
    "securebase.clinic.said",
    "securebase.clinic.practice",
    "securebase.clinic.formulation",
    "securebase.clinic.bridge",
    "securebase.clinic.checkins",
    "securebase.clinic.therapy",
    "securebase.clinic.notes",
    "securebase.clinic.episodes",
    "securebase.clinic.guidance",
    "securebase.jobs",
    "securebase.pages.shared",
    "securebase.pages.public",
    "securebase.pages.patient",
    "securebase.pages.clinician",
    "securebase.pages.partner",
    "securebase.pages.host",
    "securebase.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "securebase.pages.shared.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "securebase.pages.shared.vault_door.VaultDoor",
    "securebase.pages.shared.help_door.HelpDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "securebase.pages.shared.language.choosing.LanguageMiddleware",
    "securebase.pages.shared.visits.VisitMiddleware",
    "securebase.pages.shared.leaving.LeavingMiddleware",
    "securebase.pages.shared.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "securebase.pages.shared.once.OnceMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["securebase.pages.shared.language.loader.SpokenLoader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "securebase.pages.shared.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "securebase.pages.shared.renderer.CalmRenderer"

# IMMEDIATE: a transaction that will write takes its lock at once instead of failing
# halfway. The journal stays a rollback journal with full synchronisation, because the
# write-ahead log of common SQLite versions can lose committed writes (fixed in 3.51.3);
# `securebase.config.checks` says on the host's page which one is in use.
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'securebase.sqlite3'}")
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "securebase_cache",
    }
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Passwords: Argon2id at 48 MiB, between the published minimum and Django's default,
# so that many people signing in at once do not exhaust a small machine.
PASSWORD_HASHERS = ["securebase.people.accounts.passwords.CalmArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "securebase.people.accounts.passphrases.NotCommon"},
    {"NAME": "securebase.clinic.care.own_words.NotOfPlaceOrPerson"},
    {"NAME": "securebase.people.accounts.passphrases.NotLeaked"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front_door"
LOGOUT_REDIRECT_URL = "front_door"

ACCOUNT_ADAPTER = "securebase.pages.shared.entrance.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "securebase.pages.public.account_forms.SignInForm",
    "change_password": "securebase.pages.public.account_forms.NewPassphraseForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Guesses are counted by people.accounts.guesses: in the database, slowed, never locked out.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "securebase.pages.public.account_forms.AddPasskeyForm",
    "authenticate": "securebase.pages.public.account_forms.CodeForm",
    "authenticate_webauthn": "securebase.pages.public.account_forms.KeyForm",
    "login_webauthn": "securebase.pages.public.account_forms.PasskeyForm",
    "reauthenticate": "securebase.pages.public.account_forms.CodeAgainForm",
    "reauthenticate_webauthn": "securebase.pages.public.account_forms.KeyAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Securebase"
MFA_ADAPTER = "securebase.people.accounts.adapter.SealedSecrets"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Longer than any visit stays open: a locked page must know whose words it holds. When a
# visit locks and ends is said in content/sign_in.toml.
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send "Origin: null" and every form would be refused.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "securebase.pages.public.form_too_old.form_too_old"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

DEFAULT_FROM_EMAIL = env("SECUREBASE_MAIL_FROM", default="securebase@localhost")
# Shorter than a worker holds a letter, so that no other takes it for lost meanwhile.
EMAIL_TIMEOUT = 30
vars().update(env.email("EMAIL_URL", default="consolemail://"))

# Class and room only: no answer, note, name or address is ever part of a log line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"nothing_personal": {"()": "securebase.config.logs.NothingPersonal"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["nothing_personal"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
