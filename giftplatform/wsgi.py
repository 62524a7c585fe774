"""The pages and the API, for granian's WSGI workers and for the embedded server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
application = get_wsgi_application()

from giftplatform.runtime.sandbox_guard import refuse_other_money  # noqa: E402  # Django must be set up

refuse_other_money()
