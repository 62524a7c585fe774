"""The sidebar: the staff site by job, not by app. A person sees what they may open."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from giftplatform.staff import queues


class Place(NamedTuple):
    """One line of the sidebar."""

    model: str
    title: StrOrPromise
    icon: str
    queue: str = ""


JOBS: list[tuple[StrOrPromise, list[Place]]] = [
    (
        _("Queues"),
        [
            Place("payouts.Payout", _("Payouts"), "outbound", "payouts"),
            Place("payouts.Batch", _("Bank files"), "account_balance", "batches"),
            Place("payouts.BankStatement", _("Bank statements"), "receipt_long"),
            Place("wallet.Purchase", _("Purchases"), "shopping_bag", "purchases"),
            Place("wallet.WebhookEvent", _("Webhooks"), "webhook", "webhooks"),
        ],
    ),
    (
        _("People"),
        [
            Place("accounts.User", _("All accounts"), "group"),
            Place("accounts.Creator", _("Creators"), "star"),
            Place("accounts.SpendingLimit", _("Spending limits"), "hourglass_top"),
            Place("live.Block", _("Blocks"), "block"),
            Place("live.Moderator", _("Moderators"), "shield_person"),
            Place("live.Hidden", _("Hidden messages"), "visibility_off"),
            Place("payouts.PayoutMethod", _("Bank details"), "lock"),
            Place("auth.Group", _("Staff groups"), "badge"),
        ],
    ),
    (
        _("Catalogue"),
        [
            Place("gifts.Gift", _("Gifts"), "redeem"),
            Place("gifts.GiftPrice", _("Gift prices"), "sell"),
            Place("live.Stream", _("Streams"), "sensors"),
            Place("overlay.Goal", _("Goals"), "flag"),
            Place("overlay.Overlay", _("Overlays"), "picture_in_picture"),
            Place("overlay.AlertSettings", _("Alerts"), "notifications"),
            Place("live.BlockedWord", _("Blocked words"), "speaker_notes_off"),
        ],
    ),
    (
        _("Prices"),
        [
            Place("wallet.Bundle", _("Coin packs"), "toll"),
            Place("wallet.BundlePrice", _("Pack prices"), "price_change"),
            Place("wallet.RateCard", _("Rate cards"), "percent"),
            Place("wallet.FxRate", _("Exchange rates"), "currency_exchange"),
            Place("accounts.Region", _("Regions"), "public"),
            Place("accounts.Country", _("Countries and taxes"), "flag"),
        ],
    ),
    (
        _("Rules"),
        [
            Place("gifts.GiftPolicy", _("Sending rules"), "rule"),
            Place("wallet.SpendingPolicy", _("Spending rules"), "speed"),
            Place("payouts.PayoutPolicy", _("Payout rules"), "schedule_send"),
        ],
    ),
    (
        _("Ledger"),
        [
            Place("ledger.Account", _("Accounts"), "menu_book"),
            Place("ledger.Posting", _("Postings"), "post_add"),
            Place("ledger.Transfer", _("Transfers"), "swap_horiz"),
            Place("gifts.SentGift", _("Sent gifts"), "send"),
        ],
    ),
    (
        _("Audit"),
        [
            Place("ledger.LedgerCheck", _("Ledger checks"), "fact_check"),
            Place("admin.LogEntry", _("Audit log"), "history"),
        ],
    ),
]


def link_to(request: HttpRequest, model: str, query: str = "") -> str:
    """Return the address of a model's list, or nothing when it is not for this person."""
    keeper = admin.site._registry.get(apps.get_model(model))
    if keeper is None or not keeper.has_view_permission(request):
        return ""
    address = reverse(f"admin:{model.replace('.', '_').lower()}_changelist")
    return f"{address}?{query}" if query else address


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sidebar for the person who asks."""
    waiting = {queue.name: queue for queue in queues.all_queues()}
    home = {"title": _("Today"), "icon": "anchor", "link": reverse("admin:index")}
    home["active"] = request.path == home["link"]
    groups: list[dict[str, Any]] = [{"items": [home]}]
    for title, places in JOBS:
        items = []
        for place in places:
            if link := link_to(request, place.model):
                item = {"title": place.title, "icon": place.icon, "link": link}
                queue = waiting.get(place.queue)
                if queue and queue.count:
                    item["badge"] = str(queue.count)
                    item["badge_variant"] = "danger" if queue.late else "primary"
                items.append(item)
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups
