"""Every setting, from the environment (or ``.env``), with safe defaults; docs/operations.md lists them.

Without ``DATABASE_URL`` the installation is *local*: an embedded database and a generated key under ``var/``.
With it, nothing is guessed: ``SECRET_KEY`` must be given and cookies want HTTPS.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config import database, secret

BASE_DIR = Path(__file__).resolve().parent.parent
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR = Path(env.str("ASSAY_VAR", str(BASE_DIR / "var"))).absolute()
DATABASE_URL = secret.given("DATABASE_URL")
LOCAL = not DATABASE_URL
DEBUG = env.bool("DEBUG", False)
# Allows the accounts of `manage.py demo`, whose password everybody knows.
DEMO = env.bool("DEMO", False)
HTTPS = env.bool("HTTPS", not LOCAL)
# How many reverse proxies stand in front; the client is that many places from the end of X-Forwarded-For.
PROXIES = env.int("PROXIES", 0)

SECRET_KEY = secret.given("SECRET_KEY") or secret.local_key(VAR / "secret-key", allowed=LOCAL)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", str, [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", str, ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", str, [])
METRICS_TOKEN = secret.given("METRICS_TOKEN")

INSTALLED_APPS = [
    "assessment.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "content",
    "assessment",
    "api",
    "rest_framework",
    "drf_spectacular",
    "drf_standardized_errors",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.compress_reads",
    "config.middleware.answer_probes",
    "config.middleware.limit_body",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------------------

# The password may stand apart from the URL, where it may hold characters that a URL may not.
DATABASES = {
    "default": database.configuration(DATABASE_URL, VAR / "postgres", secret.given("POSTGRES_PASSWORD"))
}
CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://")}
# Whether all processes on all hosts count in it.
CACHE_IS_SHARED = bool(env.str("CACHE_URL", ""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Bodies larger than this are refused before they are read; uploaded files stream to disk and are not counted.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", 256 * 1024)
# A batch of a thousand answers to grade is larger than anything a learner sends.
LARGER_BODIES = {"/api/v1/grade/": 2048 * 1024, "/lti/launch": 256 * 1024, "/lti/choose": 256 * 1024}
# A form with files.
MAX_FORM_BYTES = env.int("MAX_FORM_BYTES", 20 * 1024 * 1024)

# --- Scheduled work -----------------------------------------------------------------------------------------

# New responses to the items of a bank after which it is calibrated again.
CALIBRATE_AFTER = env.int("CALIBRATE_AFTER", 500)

# --- Accounts -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "assessment.User"
SESSION_ENGINE = "assessment.people.sessions"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# How long an address of free practice stays good, and how long a guest who has answered nothing is kept.
PRACTICE_TOKEN_AGE = timedelta(hours=env.int("PRACTICE_TOKEN_HOURS", 24))
GUEST_AGE = timedelta(days=env.int("GUEST_DAYS", 30))
SHORTEST_PASSWORD = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "assessment.people.passwords.NoPatternValidator"},
    {"NAME": "assessment.people.passwords.NoDemoPasswordValidator"},
]
# How long the link of a mail lets somebody choose a new password, and how many one name gets in an hour.
PASSWORD_RESET_TIMEOUT = 60 * env.int("RECOVERY_MINUTES", 60)
RECOVERY_MAILS = env.int("RECOVERY_MAILS", 3)
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# Whether staff may, or has to, sign in with a code of an authenticator app after the password.
STAFF_SECOND_FACTOR = env.str("STAFF_SECOND_FACTOR", "optional")
if STAFF_SECOND_FACTOR not in {"optional", "required"}:
    raise ImproperlyConfigured("STAFF_SECOND_FACTOR must be optional or required.")
OTP_TOTP_ISSUER = "Assay"

# Ten wrong passwords for one name from one address lock that pair out for a quarter of an hour: a stranger
# elsewhere cannot lock a learner out, and a classroom behind one address is not locked out together.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", 10)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"
# "name" and "NAME" are one account, so their wrong passwords are counted together.
AXES_USERNAME_CALLABLE = "config.middleware.folded_username"

# --- Mail ---------------------------------------------------------------------------------------------------

# Without a server, mail is written to standard output.
vars().update(env.email_url_config(secret.given("EMAIL_URL") or "consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Assay <assay@localhost>")

# --- The browser --------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
# The frontend copies this one into the X-CSRFToken header.
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = HTTPS
# The probes of an orchestrator come without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 3600) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    # X-Frame-Options: the policy below says who may frame us, and it can name more than one.
    "security.W002",
    # Strict transport for subdomains, and permanently in the lists of browsers: both bind hosts that are not ours.
    "security.W005",
    "security.W021",
]

# For trying things out: platforms of LTI may be in our own network, and speak without TLS.
PRIVATE_PLATFORMS = env.bool("PRIVATE_PLATFORMS", False)
# Who may show us in a frame: learning-management systems, by origin. This replaces X-Frame-Options.
FRAME_ANCESTORS = env.list("FRAME_ANCESTORS", str, [])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": FRAME_ANCESTORS or ["'none'"],
    }
}

# --- Files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The built frontend keeps its own names and hashes: /assets/app-4f9c21ab.js.
WHITENOISE_ROOT = FRONTEND_DIST if FRONTEND_DIST.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/(assets/.+-[\w-]{8}|static/.+\.[0-9a-f]{12})\.\w+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Time and language --------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logs ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "filters": {"refusals": {"()": "config.logs.RefusalsInOneLine"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": env.str("LOG_FORMAT", "text"),
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "axes": {"level": "WARNING"},
        # It writes whole addresses, and those of platforms may hold tokens.
        "httpx": {"level": "WARNING"},
    },
}

# --- The REST API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The key first: a client that sends one means it, and only it can ask for credentials with a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.rest.authentication.LaunchAuthentication",
        "api.rest.authentication.KeyAuthentication",
        "api.rest.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.rest.policy.PolicyPermission"],
    "DEFAULT_PARSER_CLASSES": ["api.rest.parsing.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["api.rest.rendering.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.rest.parsing.OnlyJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.rest.schema.AutoSchema",
    "EXCEPTION_HANDLER": "api.rest.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "api.rest.throttles.AnonymousThrottle",
        "api.rest.throttles.LearnerThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANONYMOUS", "600/min"),
        "user": env.str("THROTTLE_USER", "1200/min"),
        # A classroom behind one address signs in within a minute.
        "sign-in": env.str("THROTTLE_SIGN_IN", "120/min"),
        "guest": env.str("THROTTLE_GUEST", "120/min"),
        # A classroom looks at its course and joins it within a minute: two requests each.
        "join": env.str("THROTTLE_JOIN", "240/min"),
        # All that somebody ever did is read for one.
        "export": env.str("THROTTLE_EXPORT", "30/hour"),
        # A person reads each.
        "regrade-request": env.str("THROTTLE_REGRADE_REQUEST", "60/hour"),
    },
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Assay",
    "DESCRIPTION": "Lessons, exercises and assessments whose every score can be explained.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AttemptState": ["open", "grading", "submitted", "expired"],
        "PresentationState": ["open", "answered"],
        "GradeState": [
            "to_come",
            "not_begun",
            "open",
            "waits",
            "done",
            "late",
            "missing",
            "excused",
        ],
        "SeatState": ["not_begun", "open", "grading", "submitted", "expired"],
        "MasteryLevel": ["new", "not_yet", "shaky", "nearly", "mastered"],
        "Feedback": ["immediate", "at_end", "after_close"],
        "CorrectionKind": ["key", "policy", "drop", "full_credit", "accept"],
        "CorrectionState": ["proposed", "applying", "applied", "undone"],
        "RunKind": ["preview", "apply"],
        "DecisionKind": ["score", "void", "extend", "reopen", "allow_another"],
        "RequestState": ["open", "closed"],
        "ErrorType": ["validation_error", "client_error", "server_error"],
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
