"""What a hit counted, as links for those who may look: accounts, orders, gifts."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.admin import person_page
from wallet.models import Purchase, VelocityHit


@dataclass(frozen=True)
class Part:
    """One kind of what was counted: its heading, and a name and an address of each."""

    title: str
    rows: list[tuple[str, str]]


def involved(request: HttpRequest, hit: VelocityHit) -> list[Part]:
    """Return what was counted, each kind for those who may look at its rows."""
    parts = [_accounts(request, hit), _orders(request, hit), _gifts(request, hit)]
    return [part for part in parts if part.rows]


def _accounts(request: HttpRequest, hit: VelocityHit) -> Part:
    people = User.objects.filter(pk__in=hit.pks("accounts")).order_by("date_joined")
    may = request.user.has_perm("accounts.view_user")
    return Part(
        _("Accounts"), [(str(each), person_page(each.pk) if may else "") for each in people]
    )


def _orders(request: HttpRequest, hit: VelocityHit) -> Part:
    orders = Purchase.objects.filter(pk__in=hit.pks("orders")).select_related("user")
    may = request.user.has_perm("wallet.view_purchase")

    def row(order: Purchase) -> tuple[str, str]:
        address = reverse("admin:wallet_purchase_change", args=[order.pk]) if may else ""
        return f"{order}: {order.get_state_display()}", address

    return Part(_("Orders"), [row(order) for order in orders])


def _gifts(request: HttpRequest, hit: VelocityHit) -> Part:
    """Return the gifts; of their app only the site's own list of models is known here."""
    pks = hit.pks("gifts")
    keeper: Any = next(
        (each for model, each in admin.site._registry.items() if model.__name__ == "SentGift"), None
    )
    if not pks or keeper is None or not keeper.has_view_permission(request):
        return Part(_("Gifts"), [])
    gifts = keeper.model.objects.filter(pk__in=pks).select_related("fan", "creator", "gift")
    address = f"admin:{keeper.opts.app_label}_{keeper.opts.model_name}_change"
    return Part(_("Gifts"), [(str(gift), reverse(address, args=[gift.pk])) for gift in gifts])
