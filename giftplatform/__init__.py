"""Giftplatform: the open, self-hosted economy of live gifts."""

from giftplatform.celery import app as celery_app

__all__ = ["celery_app"]
