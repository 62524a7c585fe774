"""The theme of the staff site: django-unfold in the colours of the harbour."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

_WATER = {
    "50": "#f6f5f2",
    "100": "#efede8",
    "200": "#e6e3dc",
    "300": "#cdc9c0",
    "400": "#8fa1b5",
    "500": "#5b6775",
    "600": "#47525f",
    "700": "#2c3a4b",
    "800": "#1d2836",
    "900": "#0f1720",
    "950": "#0b1118",
}
# 600 carries white words in both themes, 500 is the lantern itself on dark ground.
_LANTERN = {
    "50": "#fff8eb",
    "100": "#ffedc9",
    "200": "#ffdb9a",
    "300": "#ffcb74",
    "400": "#ffc161",
    "500": "#ffb648",
    "600": "#9a5800",
    "700": "#7d4700",
    "800": "#613700",
    "900": "#4a2a00",
    "950": "#2c1800",
}


def environment(request: HttpRequest) -> tuple[str, str] | None:
    """Return the label beside the person's name, while no real money moves here."""
    from django.conf import settings

    return ("SANDBOX", "warning") if settings.SANDBOX else None


def favicon(request: HttpRequest) -> str:
    """Return the address of the lantern."""
    return static("brand/favicon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Giftplatform",
    "SITE_HEADER": "Giftplatform",
    "SITE_SUBHEADER": _("Staff"),
    "SITE_URL": "/",
    "SITE_ICON": favicon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    "SITE_SYMBOL": "anchor",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "10px",
    "COLORS": {"base": _WATER, "primary": _LANTERN},
    "ENVIRONMENT": "giftplatform.staff.theme.environment",
    "DASHBOARD_CALLBACK": "giftplatform.staff.dashboard.dashboard",
    # Not the ledger: its tables are long, and its accounts are found through their owners.
    "COMMAND": {
        "show_history": True,
        "search_models": [
            "accounts.user",
            "accounts.country",
            "gifts.gift",
            "live.stream",
            "payouts.batch",
            "payouts.payout",
            "wallet.purchase",
        ],
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": True,
        "navigation": "giftplatform.staff.navigation.navigation",
    },
}
