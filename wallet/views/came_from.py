"""Where a fan was when the coins ran out: the page that a paid order leads back to."""

from django.http import HttpRequest

from wallet.models import Purchase

KEPT = "orders_came_from"
MOST = 5  # the newest orders of a session


def note(request: HttpRequest, purchase: Purchase, page: str) -> None:
    """Remember in the session from which page of this site an order was placed."""
    kept = {**request.session.get(KEPT, {}), str(purchase.public_id): page}
    request.session[KEPT] = dict(list(kept.items())[-MOST:])


def page_of(request: HttpRequest, purchase: Purchase) -> str:
    """Return the page an order was placed from; nothing when it was the shop itself."""
    return str(request.session.get(KEPT, {}).get(str(purchase.public_id), ""))
