"""The site's own settings, and the two empty addresses to compare with."""

from giftplatform.settings import *  # noqa: F403  # all of them, as they are

ROOT_URLCONF = "benchmarks.serving.urls"
