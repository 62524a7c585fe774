"""Django's settings for django-hordak, as its manual asks."""

import os
from urllib.parse import parse_qs, urlsplit

_url = urlsplit(os.environ["HORDAK_DATABASE_URL"])

SECRET_KEY = "bench"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.removeprefix("/"),
        "USER": _url.username,
        "PASSWORD": _url.password or "",
        "HOST": _url.hostname or parse_qs(_url.query)["host"][0],
        "PORT": _url.port or "",
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
