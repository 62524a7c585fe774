"""Variables for every template."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site-wide flags: `SANDBOX` puts the banner on every page."""
    return {"SANDBOX": settings.SANDBOX}
