"""The job runner.

Tasks are doorbells: they carry an id or nothing, the rows say whether there is work.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
app = Celery("giftplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
