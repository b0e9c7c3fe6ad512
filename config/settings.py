"""One file, read from the environment. A missing value says what to set and how."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from config.database import databases
from config.environment import allowed_hosts, flag, listing, proxies, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = flag(os.environ, "DEBUG", default=False)
SECRET_KEY = secret_key(os.environ, debug=DEBUG)
ALLOWED_HOSTS = allowed_hosts(os.environ, debug=DEBUG)
CSRF_TRUSTED_ORIGINS = listing(os.environ, "CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "accounts.apps.BooksConfig",
    "accounts",  # before Django's own: its createsuperuser makes nobody who could do anything here
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "coding",
    "payers",
    "authorizations",
    "seeds",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.health.answer_while_alive",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.web.middleware.numbered_requests",
    "accounts.web.middleware.security_headers",
    "accounts.web.request_text.readable_requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.web.middleware.sign_in_as_a_page",
    "accounts.web.middleware.automatic_logoff",
    "accounts.past.clock.facility_clock",
    "accounts.past.middleware.look_back",
    "accounts.views.SignInFirst",
    "accounts.kept_forms.forget_sent_forms",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.database.triggers.WithHistory",
    "accounts.web.query_values.AnswersInWords",
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
                "accounts.kept_forms.kept_forms",
                "authorizations.navigation.navigation",
                "authorizations.day_list.walk.walk",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/ledger.html"

DATABASES = databases(os.environ, debug=DEBUG)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
IDLE_LOGOFF_SECONDS = 15 * 60
ABSOLUTE_LOGOFF_SECONDS = 12 * 60 * 60
# A day longer than anybody stays signed in: what is sent too late is kept for its writer.
SESSION_COOKIE_AGE = ABSOLUTE_LOGOFF_SECONDS + 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

IS_BEHIND_TLS = not DEBUG and flag(os.environ, "TLS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_TLS
SECURE_SSL_REDIRECT = IS_BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if os.environ.get("PROXY_TLS_HEADER"):
    SECURE_PROXY_SSL_HEADER = (os.environ["PROXY_TLS_HEADER"], "https")

# The proxies whose X-Forwarded-For is believed, such as "10.0.0.7, 10.1.0.0/16"; "unix" for one
# that speaks through a socket. Without them the throttle and the access log see the proxy alone.
TRUSTED_PROXIES = proxies(os.environ, "TRUSTED_PROXIES")

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DOCUMENT_ROOT = Path(os.environ.get("DOCUMENT_ROOT", BASE_DIR / ".local" / "documents"))
LARGEST_UPLOAD_BYTES = 10 * 1024 * 1024
LARGEST_IMPORT_BYTES = 40 * 1024 * 1024  # some 200,000 treatments, by the command
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "accounts.web.upload_size.BoundedFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag(os.environ, "EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "ledger@localhost")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000" if DEBUG else "")
SCHEDULE_TIME_ZONE = ZoneInfo(os.environ.get("SCHEDULE_TIME_ZONE", "America/Chicago"))
PGHISTORY_JSON_ENCODER = "django.core.serializers.json.DjangoJSONEncoder"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_number": {"()": "config.logs.RequestNumber"},
        "refusals": {"()": "config.logs.RefusalsInOneLine"},
    },
    "formatters": {
        "line": {
            "()": "config.logs.WithoutValues",
            "fmt": "%(asctime)s %(levelname)s %(request)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_number", "refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

# Jobs are rows of our own database; ``manage.py worker`` does them, never a web process.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
RELEASED_AT_ONCE = 100  # charges; more are released by the worker, and a page shows how far it is
