"""Django's own ASGI handler, for comparison: the site does not use it."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
