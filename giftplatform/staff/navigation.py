"""The sidebar: the staff site by job, not by app. A person sees what they may open."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from giftplatform.staff import queues

HOME_ICON = "anchor"


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
            Place("payouts.BankStatement", _("Bank statements"), "receipt_long", "balances"),
            Place("payouts.Proposal", _("Second person"), "how_to_reg", "proposals"),
            Place("wallet.Purchase", _("Purchases"), "shopping_bag", "purchases"),
            Place("wallet.BankTransfer", _("Bank transfers"), "account_balance", "transfers"),
            Place("wallet.GiveBack", _("To give back"), "outbound", "give_back"),
            Place("wallet.Refund", _("Refunds"), "currency_exchange", "refunds"),
            Place("wallet.CodeBatch", _("Codes and cards"), "redeem", "codes"),
            Place("wallet.Dispute", _("Disputes"), "gavel", "disputes"),
            Place("wallet.VelocityHit", _("Fraud checks"), "fact_check", "velocity"),
            Place("care.GuardianCase", _("Guardians"), "shield_person", "guardians"),
            Place("wallet.ProviderMovement", _("Provider books"), "balance", "movements"),
            Place("wallet.MovementBooking", _("Booked by hand"), "how_to_reg", "movement_bookings"),
            Place("wallet.TransferStatement", _("Statements read"), "receipt_long", "statements"),
            Place("wallet.RefusedFile", _("Unread statements"), "receipt_long", "refused_files"),
            Place("wallet.WebhookEvent", _("Webhooks"), "webhook", "webhooks"),
        ],
    ),
    (
        _("People"),
        [
            Place("accounts.User", _("All accounts"), "group"),
            Place("accounts.Creator", _("Creators"), "star"),
            Place("accounts.SpendingLimit", _("Spending limits"), "hourglass_top"),
            Place("accounts.SpendingPause", _("Pauses from spending"), "hourglass_top"),
            Place("wallet.TopUp", _("Auto top-ups"), "schedule_send"),
            Place("care.Closing", _("Closing accounts"), "hourglass_top"),
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
            Place("live.Stream", _("Streams"), "sensors"),
            Place("live.Guest", _("Guests"), "group"),
            Place("video.Broadcast", _("Video"), "sensors"),
            Place("video.Elsewhere", _("Video from elsewhere"), "sensors"),
            Place("video.Replay", _("Replays"), "history"),
            Place("video.Clip", _("Clips"), "history"),
            Place("video.StreamKey", _("Stream keys"), "lock"),
            Place("live.Event", _("Room events"), "list_alt"),
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
            Place("wallet.Promotion", _("Promotions"), "percent"),
            Place("wallet.RateCard", _("Rate cards"), "percent"),
            Place("wallet.FxRate", _("Exchange rates"), "currency_exchange"),
            Place("accounts.Region", _("Regions"), "public"),
            Place("accounts.Country", _("Countries"), "flag"),
            Place("accounts.TaxRate", _("Tax rates"), "balance"),
        ],
    ),
    (
        _("Rules"),
        [
            Place("gifts.GiftPolicy", _("Sending rules"), "rule"),
            Place("wallet.SpendingPolicy", _("Spending rules"), "speed"),
            Place("wallet.SenderRule", _("Senders of transfers"), "block"),
            Place("wallet.CodePolicy", _("Code rules"), "rule"),
            Place("wallet.DisputePolicy", _("Dispute rules"), "gavel"),
            Place("wallet.VelocityRule", _("Rules against fraud"), "rule"),
            Place("payouts.PayoutPolicy", _("Payout rules"), "schedule_send"),
            Place("accounts.Terms", _("Terms"), "gavel"),
        ],
    ),
    (
        _("Ledger"),
        [
            Place("ledger.Account", _("Accounts"), "menu_book"),
            Place("ledger.Posting", _("Postings"), "post_add"),
            Place("ledger.Transfer", _("Transfers"), "swap_horiz"),
            Place("ledger.Rule", _("Posting rules"), "gavel"),
            Place("gifts.SentGift", _("Sent gifts"), "send"),
            Place("wallet.Document", _("Documents"), "receipt_long"),
            Place("wallet.BonusLot", _("Bonus coins"), "redeem"),
            Place("wallet.Redemption", _("Redeemed codes"), "redeem"),
            Place("gifts.Clawback", _("Gifts of disputes"), "hourglass_top"),
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
    home = {"title": _("Today"), "icon": HOME_ICON, "link": reverse("admin:index")}
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
