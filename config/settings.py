"""Settings: safe as they stand; what differs between machines comes from the environment.

SECRET_KEY      signing key; without it one is made once and kept in var/secret_key (readable by its owner only)
DATABASE_URL    postgres://user:password@host/name for teams; without it the embedded SQLite file var/waymark.sqlite3
ALLOWED_HOSTS   comma-separated host names the server answers to (default: this machine only)
HTTPS           "true" behind TLS: secure cookies, HSTS for this host, redirects
HSTS_SUBDOMAINS "true" holds every host below this one to TLS as well (default: no)
HSTS_PRELOAD    "true" lets browsers carry that in their lists; needs HSTS_SUBDOMAINS (default: no)
PROXIES         how many web servers of your own stand in front and name the client in X-Forwarded-For; must be
                given where HTTPS is true (0: none, readers reach this server itself; default: 0)
SQLITE_JOURNAL  "delete" (default), or "wal" where the version of SQLite gets it right
ADMINS          comma-separated mail addresses that are told when somebody breaks the glass (default: none)
EMAIL_URL       the mail server for that, such as smtp+tls://user:password@host:587, and SERVER_EMAIL the sender
WAYMARK_MAIL_DIGESTS  "true" lets manage.py send_digests mail readers what changed in what they follow (default: no)
ORGANISATION_TIME_ZONE  decides when a day begins: what is due today, and how long a case has stood (default: UTC)
CAPTURE_BYTES   the largest file that is taken as a capture of a source, in bytes (default: 25 MiB)
DEBUG           "true" only while developing

What would be unsafe in production is refused at the start: config/production.py.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import environ

from config.production import Started, journal_pragmas, known_zone, refuse_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()


def kept_secret(path: Path) -> str:
    """Return the signing key kept in `path`, making it on first use with access for its owner only."""
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # a key made earlier is the one to use
    return path.read_text(encoding="ascii")


KEY_FILE = None if os.environ.get("SECRET_KEY") else VAR_DIR / "secret_key"
SECRET_KEY = kept_secret(KEY_FILE) if KEY_FILE else os.environ["SECRET_KEY"]
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# A case of 200 steps sends some 5,000 boxes, and Django refuses a form of more than a thousand with all that was typed.
# How many rows a form may have is bounded where acts begin (config/acts.py).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
CSRF_FAILURE_VIEW = "config.forgery.form_refused"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

#: The apps that hold records, lowest first. What is written to their tables stands in the audit trail.
OWN_APPS = ["records", "sources", "cases"]
INSTALLED_APPS = [
    "config.apps.WaymarkAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "knox",
    "rest_framework",
    "django_filters",
    *OWN_APPS,
    "seeds",
]

MIDDLEWARE = [
    "config.headers.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "config.validators.ValidatorMiddleware",  # inside: a hash of what is said, however it is sent
    "config.clock.ClockMiddleware",  # before sessions, which a clock that was set back would revive
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.slashes.SlashMiddleware",
    "config.parameters.ParameterMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "records.accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.direction.DirectionMiddleware",
    "config.acts.ActMiddleware",  # last: what another one refuses is no act
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.glass",
            ],
        },
    },
]

FORM_RENDERER = "config.form_renderer.FormRenderer"

# For requests only, which config/wsgi.py answers: an export is one statement, a migration may take an hour.
WEB_LIMITS = " -c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
# The path of the embedded file is not written as a URL: a folder's name may hold any character.
EMBEDDED = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "waymark.sqlite3"}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL") if os.environ.get("DATABASE_URL") else EMBEDDED,
}
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    DATABASES["default"]["ENGINE"] = "config.sqlite"
    # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing with "locked".
    # journal DELETE with synchronous EXTRA is the durable mode that every SQLite version gets right.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": journal_pragmas(env.str("SQLITE_JOURNAL", default="delete")) + " PRAGMA secure_delete=ON;",
    }
else:
    # Who may read a row is asked in many small steps: compiling such a plan takes far longer than running it.
    limits = WEB_LIMITS if env.bool("SERVING", default=False) else ""
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", f"-c jit=off{limits}")
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The first is used; the others only open what an earlier version stored.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# A sign-in ends with the browser, and after half a day in any case (records/accounts/middleware.py).
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Signing in: by user name only, no sign-up, no mail. An administrator makes accounts and resets what was forgotten.
ACCOUNT_ADAPTER = "records.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}  # never a code by mail: a mailbox proves nobody
ACCOUNT_FORMS = {"login": "records.accounts.sign_in_forms.SignInForm"}
MFA_FORMS = {
    "authenticate": "records.accounts.sign_in_forms.SecondStepForm",
    "reauthenticate": "records.accounts.sign_in_forms.CodeAgainForm",
}
# What allauth counts by address alone, or by account alone, lets strangers close the door to others: it is left out.
# Keys are an address and what was tried there (records/accounts/tries.py); “code_anywhere” has none but the account.
ACCOUNT_RATE_LIMITS: dict[str, Any] = {
    **dict.fromkeys(("login", "login_failed", "reauthenticate")),
    "password": "60/5m/ip,5/5m/key",
    "password_again": "5/5m/key",
    "code": "5/5m/key",
    "code_anywhere": "20/d/key",
    "feed": "60/m/key",
}
MFA_RATE_LIMITS = {"webauthn_login": None}
PROXIES = env.int("PROXIES") if os.environ.get("PROXIES") else None
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES or 0
MFA_ADAPTER = "records.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Waymark"
# The code before and the one after are taken as well: telephones go wrong by seconds (RFC 6238, section 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 16  # their tries are not counted
KNOX_TOKEN_MODEL = "records.ApiToken"  # noqa: S105  # the name of a model
MIGRATION_MODULES = {"knox": None}  # its own table of tokens is not used
# All workers of a machine count tries together.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "records.accounts.shared_cache.SharedFileCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Two mails: that the glass was broken, and digests where they are switched on. Without a server, none is sent.
ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]
MAIL: Any = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = MAIL["EMAIL_BACKEND"], MAIL["EMAIL_HOST"], MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_USER"], MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
SERVER_EMAIL = env.str("SERVER_EMAIL", default="waymark@localhost")
EMAIL_SUBJECT_PREFIX = "Waymark: "
EMAIL_TIMEOUT = 10
MAIL_DIGESTS = env.bool("WAYMARK_MAIL_DIGESTS", default=False)

# Captured files of sources: outside of everything that is served, readable by the server's own account only.
CAPTURES_DIR = VAR_DIR / "captures"
CAPTURE_BYTES = env.int("CAPTURE_BYTES", default=25 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = [
    "sources.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "en-gb"
# Moments are stored and shown in UTC; what day it is, the organisation's zone decides (records/current_day.py).
TIME_ZONE = "UTC"
ORGANISATION_TIME_ZONE = known_zone(env.str("ORGANISATION_TIME_ZONE", default="") or "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "records.accounts.tokens.ApiTokenAuthentication",  # first: its header comes with a 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["records.accounts.tokens.TokenHasScope"],  # which rows, visible_to(user) decides
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,  # “format” is a parameter like any other, and unknown
}

# Errors go to the terminal of the server, with where they happened; what strangers mistype does not. Nothing is mailed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"cleaned": {"()": "config.logs.Cleaned"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "filters": ["cleaned"]}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": ["terminal"], "level": "INFO", "propagate": False},
        "waitress.queue": {"level": "ERROR"},  # that requests wait for a moment is no news
    },
}

# Behind TLS
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Django warns where either is off. Whoever runs one host cannot promise TLS for its neighbours, nor take it back.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name from this very host and over TLS only.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # not in cookies: they name records
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

database = DATABASES["default"]
refuse_unsafe(
    Started(
        key=SECRET_KEY,
        key_file=KEY_FILE,
        debug=DEBUG,
        hosts=ALLOWED_HOSTS,
        https=HTTPS,
        proxies=PROXIES,
        preload_alone=SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS,
        database=Path(database["NAME"]) if IS_SQLITE else None,
    )
)
