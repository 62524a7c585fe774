"""The site's own settings, and the empty addresses to compare with. Payments cost no time."""

from giftplatform.settings import *  # noqa: F403  # all of them, as they are

ROOT_URLCONF = "benchmarks.serving.urls"
PAYMENT_PROVIDERS = ["benchmarks.serving.instant"]
