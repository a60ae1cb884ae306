"""Settings of one installation.

What differs between machines is read from the environment here, once. A value that cannot be read becomes a line in
``SETTINGS_PROBLEMS``, which the startup checks (``generations/checks.py``) report with a remedy.
"""

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.contrib.messages.constants import ERROR, INFO, SUCCESS, WARNING

from generations.modellix.client import check_base_url, check_key
from modellix_site import values

BASE_DIR = Path(__file__).resolve().parent.parent
SETTINGS_PROBLEMS: list[tuple[str, str]] = []  # (setting, what is wrong with it)


def read(name, cast, default):
    """The variable's value through `cast`; unset or empty means `default`. What `cast` cannot read is a problem."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return cast(text)
    except ValueError as error:
        SETTINGS_PROBLEMS.append((name, str(error)))
        return default


def stored_secret_key(data_dir):
    """The key that `manage.py studio` made at the first start, or nothing."""
    try:
        return (data_dir / "secret_key").read_text().strip()
    except OSError:
        return ""


def secret(name, cast):
    """From its variable or else from the file that NAME_FILE names. Never shown, not even when it is wrong."""
    return read(name, cast, "") or read(f"{name}_FILE", values.in_file(cast), "")


# This machine

DEBUG = read("DEBUG", values.boolean, False)
HOST = read("HOST", values.host, "127.0.0.1")
PORT = read("PORT", values.between(1, 65_535), 8000)
DATA_DIR = read("DATA_DIR", values.folder, BASE_DIR / "data")
SECRET_KEY = os.environ.get("SECRET_KEY", "").strip() or stored_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()
PUBLIC_URL = read("PUBLIC_URL", values.public_url, "")
ALLOWED_HOSTS = read("ALLOWED_HOSTS", values.hosts, ["localhost", "127.0.0.1", "[::1]"])
if PUBLIC_URL and urlsplit(PUBLIC_URL).hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname)
METRICS_TOKEN = secret("METRICS_TOKEN", values.word)  # whoever has it may read /metrics; without it nobody may
HOST_NAME = read("HOST_NAME", values.host, socket.gethostname())  # what this machine is called among several

# Modellix

MODELLIX_API_KEY = secret("MODELLIX_API_KEY", check_key)
MODELLIX_BASE_URL = read("MODELLIX_BASE_URL", check_base_url, "https://api.modellix.ai")
MODELLIX_SUBMIT_PATH = read("MODELLIX_SUBMIT_PATH", values.one_of("auto", "typed", "async", "plain"), "auto")
MODELLIX_REQUESTS_PER_MINUTE = read("MODELLIX_REQUESTS_PER_MINUTE", values.between(6, 100_000), 100)
MODELLIX_RUNNING_CAP = read("MODELLIX_RUNNING_CAP", values.between(1, 10_000), 2)
DEMO = read("MODELLIX_DEMO", values.boolean, False)  # set by `manage.py studio`; changes words on pages, nothing else

# Limits of what is saved, per file and per task

SAVE_MAX_IMAGE_BYTES = 50_000_000
SAVE_MAX_FILE_BYTES = 1_000_000_000
SAVE_MAX_TASK_BYTES = 2_000_000_000
SAVE_MAX_FILES = 100
RESULT_LIFETIME_HOURS = 24  # how long the provider keeps a result when it does not say
UPLOAD_MAX_BYTES = 200_000_000  # of one file that a person gives as input; models take less, and say how much
SHARE_DAYS = 30

# Django

INSTALLED_APPS = [
    "generations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "modellix_site.middleware.keep_to_ourselves",
    "modellix_site.middleware.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "modellix_site.middleware.strangers_are_brief",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "modellix_site.middleware.navigate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "generations.views.viewers.ViewersOnlyLook",
    "generations.views.limits.NotWithoutEnd",
    "generations.views.time_zones.WhereThePersonIs",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "modellix_site.urls"
WSGI_APPLICATION = "modellix_site.wsgi.application"

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
                "generations.views.shell.shell",
            ],
        },
    },
]

# SQLite: write-ahead log, and every transaction takes the write lock at once: two writers that have both read would
# fail each other, without waiting.
SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; "
    "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;",
}
DATABASES = {
    "default": read(
        "DATABASE_URL",
        values.database,
        {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "studio.sqlite3"},
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"OPTIONS": SQLITE, "CONN_MAX_AGE": None}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each machine's own, with Redis too: it counts attempts to sign in, which must be possible while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # or many addresses that guess would soon push out the count of an account
    },
    "previews": {  # pictures that stand for galleries; apart, so that making room for one forgets no attempt
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "previews",
        "TIMEOUT": 30 * 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    "limits": {  # of costly pages (generations/views/limits.py); apart for the same reason
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache" / "limits",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

REDIS_URL = read("REDIS_URL", values.redis_url, "")
Q_CLUSTER = {
    "name": "modellix",
    "label": "Background jobs",
    "workers": 4,  # one dispatches, the others save
    "timeout": 900,  # seconds; the longest job is the save of a long film
    "retry": 3600,  # above timeout x prefetch: the database repeats work, the broker never does
    "queue_limit": 4,
    "bulk": 1,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": 20,
    "catch_up": False,
    "guard_cycle": 0.5,
    "recycle": 500,
    "max_rss": 400_000,  # kilobytes
    "poll": 0.2,
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# People

AUTH_USER_MODEL = "generations.User"
AUTHENTICATION_BACKENDS = ["generations.accounts.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MIN_LENGTH = 10
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "studio"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 30 * 24 * 3600
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers, and no different answer for them
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "generations.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "generations.forms.accounts.SignInForm",
    "change_password": "generations.forms.accounts.ChangePasswordForm",
    "reset_password": "generations.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "generations.forms.accounts.NewPasswordForm",
    "reauthenticate": "generations.forms.accounts.ConfirmForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "generations.accounts.SecondStepAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # fingerprint, face or PIN: a passkey signs in without a password
MFA_TOTP_ISSUER = "Modellix Studio"
MFA_TOTP_TOLERANCE = 1  # a code is taken half a minute early or late: telephones and servers differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves, so no address waits to be proven
MFA_FORMS = {
    "authenticate": "generations.forms.accounts.CodeForm",
    "reauthenticate": "generations.forms.accounts.ConfirmByCodeForm",
    "activate_totp": "generations.forms.accounts.FirstCodeForm",
    "add_webauthn": "generations.forms.passkeys.AddForm",
    "edit_webauthn": "generations.forms.passkeys.RenameForm",
    "login_webauthn": "generations.forms.passkeys.SignInForm",
    "authenticate_webauthn": "generations.forms.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "generations.forms.passkeys.ConfirmForm",
}

# Pages

MESSAGE_TAGS = {INFO: "", SUCCESS: "", WARNING: "ask", ERROR: "stop"}  # the classes of .toast and .notice
LANGUAGE_CODE = "en-us"
TIME_ZONE = read("TIME_ZONE", values.time_zone, "UTC")
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "modellix_site.formats"  # for the admin; the studio's pages each say how

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # they are for our own pages
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nobody asks for the others, and compressing takes most of a first start
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "modellix_site.styles.StaticStorage"},
}

# Saved files of several machines: a bucket that speaks S3. Without keys the machine's own role is used.
S3 = {
    "S3_BUCKET": read("S3_BUCKET", values.bucket, ""),
    "S3_ENDPOINT_URL": read("S3_ENDPOINT_URL", values.endpoint, ""),
    "S3_REGION": read("S3_REGION", values.word, ""),
    "S3_ACCESS_KEY_ID": read("S3_ACCESS_KEY_ID", values.word, ""),
    "S3_SECRET_ACCESS_KEY": secret("S3_SECRET_ACCESS_KEY", values.word),
}
if S3["S3_BUCKET"]:
    STORAGES["default"] = {
        "BACKEND": "generations.media.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": S3["S3_BUCKET"],
            "endpoint_url": S3["S3_ENDPOINT_URL"] or None,
            "region_name": S3["S3_REGION"] or None,
            "access_key": S3["S3_ACCESS_KEY_ID"] or None,
            "secret_key": S3["S3_SECRET_ACCESS_KEY"] or None,
        },
    }

# Mail: without an address, password mails are written to the log of this machine.
mail_settings = read("EMAIL_URL", values.mail, {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"})
vars().update(mail_settings)
EMAIL_TIMEOUT = 10  # seconds, or a mail server that hangs would hold up a worker
mail_user = mail_settings.get("EMAIL_HOST_USER") or ""  # most servers let one send under the name of one's account only
DEFAULT_FROM_EMAIL = mail_user if "@" in mail_user else f"studio@{urlsplit(PUBLIC_URL).hostname or HOST_NAME}"

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # middleware.keep_to_ourselves sends it, with pages alone
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0  # https comes from a proxy in front, which tells who is asking
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "generations.views.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "modellix_site.reports.Discreet"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "modellix_site.reports.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # what a visitor asked for in vain is no trouble of ours
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor under which name
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD: Django leaves dropping the body to it
    },
}
