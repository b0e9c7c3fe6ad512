"""The settings of the tests: the same, with a fast password hasher and plain static files."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["DEBUG"] = "1"

from config.settings import *

DEBUG = False
EMBEDDED_POSTGRESQL_ALLOWED = True
# Tests make their rows as the owner; those of the guards work as the application's role.
if DATABASES["default"]["ENGINE"] == "config.embedded_postgresql":
    DATABASES["default"].update(USER="", OWNER={})
ALLOWED_HOSTS = ["*"]
LETTERS = tempfile.TemporaryDirectory(prefix="ledger-letters-")  # gone with the process
DOCUMENT_ROOT = Path(LETTERS.name)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # files are looked for when asked for
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
