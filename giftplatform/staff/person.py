"""One person as staff see them: what they have, what they did, what can be done for them.

Each part is there for those who may look at its rows, and for nobody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

import ledger
from accounts.models import Move, StaffNote, User
from accounts.pauses import paused_until, until_words
from foundation.figures import figure
from foundation.money import Money
from giftplatform.staff.navigation import link_to
from giftplatform.staff.worth import Worth
from gifts.models import SentGift
from ledger.chart import COIN, DIAMOND
from ledger.models import Account
from live.models import Block
from payouts.methods.bank_accounts import method_of
from payouts.models import Payout, PayoutEvent
from wallet.limits.usage import LimitUsage, limit_usage
from wallet.models import Document, Purchase, PurchaseEvent, TopUp, VelocityHit

FEW = 5
HAPPENED = 20


@dataclass(frozen=True)
class Holding:
    """One balance of a person, its worth where it has one, and the statement behind it."""

    label: str
    amount: int
    worth: Money | None
    href: str


@dataclass(frozen=True)
class Happening:
    """Something that happened, in a sentence, with the page on which it stands."""

    at: datetime
    words: str
    href: str = ""


@dataclass(frozen=True)
class Deed:
    """Something that can be done for the person: where, and what it does."""

    title: str
    words: str
    href: str


@dataclass(frozen=True)
class Table:
    """The newest rows of one kind, and the list of all of them."""

    rows: list[Any]
    all_of_them: str


@dataclass
class Person:
    """All parts of a person's page that the reader may see; the others are None."""

    user: User
    holdings: list[Holding] | None = None
    purchases: Table | None = None
    documents: Table | None = None
    checks: Table | None = None
    sent: Table | None = None
    received: Table | None = None
    payouts: Table | None = None
    bank_account: Any = None
    limits: list[LimitUsage] | None = None
    top_up: TopUp | None = None  # the one in force, or else the last one
    paused: str = ""  # until when they paused spending
    blocks: list[Block] | None = None
    notes: QuerySet[StaffNote] | None = None
    moves: QuerySet[Move] | None = None
    happened: list[Happening] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)


def person_for(request: HttpRequest, user: User) -> Person:
    """Return a person as the member of staff who asks may see them."""
    may = request.user.has_perm
    seen = Person(user)
    if may("accounts.view_move"):
        seen.moves = user.moves.select_related("origin", "to", "by")
    if may("ledger.view_account"):
        seen.holdings = list(_holdings(user))
    if may("accounts.view_spendinglimit"):
        seen.limits = limit_usage(user)
        until = paused_until(user)
        seen.paused = until_words(until) if until else ""
    if may("wallet.view_topup"):
        seen.top_up = user.top_ups.select_related("saved_method").first()
    if may("accounts.view_staffnote"):
        seen.notes = user.staff_notes.select_related("by")
    if may("live.view_block"):
        blocks = Block.objects.filter(user=user).select_related("user", "creator")
        seen.blocks = list(blocks.order_by("-id"))
    _add_tables(request, seen)
    newest = sorted(_happenings(request, seen), key=attrgetter("at"), reverse=True)
    seen.happened = newest[:HAPPENED]
    seen.deeds = list(_deeds(request, seen))
    return seen


def _add_tables(request: HttpRequest, seen: Person) -> None:
    user = seen.user

    def table(rows: QuerySet[Any], field_name: str) -> Table | None:
        href = link_to(request, rows.model._meta.label, f"{field_name}__id__exact={user.pk}")
        return Table(list(rows[:FEW]), href) if href else None

    gifts = SentGift.objects.select_related("fan", "creator", "gift").order_by("-created_at", "-id")
    seen.purchases = table(Purchase.objects.filter(user=user), "user")
    documents = Document.objects.filter(purchase__user=user)
    seen.documents = table(documents, "purchase__user")
    seen.checks = table(VelocityHit.objects.filter(user=user), "user")
    seen.sent = table(gifts.filter(fan=user), "fan")
    if not user.is_creator:
        return
    seen.received = table(gifts.filter(creator=user), "creator")
    seen.payouts = table(Payout.objects.filter(creator=user), "creator")
    if request.user.has_perm("payouts.view_payoutmethod"):
        seen.bank_account = method_of(user)


def _holdings(user: User) -> Iterator[Holding]:
    kinds = [
        ("coins", COIN, _("Coins")),
        ("bonus_coins", COIN, _("Bonus coins")),
        ("coins_held", COIN, _("Coins on hold")),
        ("diamonds", DIAMOND, _("Diamonds available")),
        ("diamonds_held", DIAMOND, _("Diamonds on hold")),
    ]
    found = ledger.balances([(kind, unit, user.pk) for kind, unit, _label in kinds])
    accounts = {account.kind: account.pk for account in Account.objects.filter(owner=user)}
    rates = Worth()
    for kind, unit, label in kinds:
        amount = found[kind, unit, user.pk]
        if not amount and (kind == "coins_held" or (unit == DIAMOND and not user.is_creator)):
            continue
        worth = rates.of_diamonds(amount) if unit == DIAMOND and amount else None
        href = _statement(accounts[kind]) if kind in accounts else ""
        yield Holding(label, amount, worth, href)


def _statement(account: int) -> str:
    return reverse("admin:ledger_account_statement", args=[account])


def _happenings(request: HttpRequest, seen: Person) -> Iterator[Happening]:
    user = seen.user
    yield Happening(user.date_joined, _("Joined the site."))
    for move in seen.moves or ():
        said = _("Moved from %(origin)s to %(to)s.")
        if move.by:
            said = _("Moved from %(origin)s to %(to)s; %(by)s changed it.")
        facts = {"origin": move.origin or _("nowhere"), "to": move.to, "by": move.by}
        yield Happening(move.created_at, said % facts)
    if seen.purchases:
        yield from _of_purchases(user)
    for table in (seen.sent, seen.received):
        for sent in table.rows if table else ():
            yield from _of_gift(sent)
    if seen.payouts:
        yield from _of_payouts(user)


def _of_purchases(user: User) -> Iterator[Happening]:
    events = PurchaseEvent.objects.filter(purchase__user=user).select_related("purchase")
    for event in events.order_by("-id")[:HAPPENED]:
        order = event.purchase
        facts = {
            "coins": figure(order.coins),
            "money": order.total,
            "state": event.get_state_display(),
        }
        words = _("Order of %(money)s for %(coins)s coins: %(state)s.") % facts
        href = reverse("admin:wallet_purchase_change", args=[order.pk])
        yield Happening(event.created_at, f"{words} {event.note}".strip(), href)


def _of_gift(sent: SentGift) -> Iterator[Happening]:
    href = reverse("admin:gifts_sentgift_change", args=[sent.pk])
    yield Happening(sent.created_at, f"{sent}.", href)
    if sent.undone_at:
        yield Happening(sent.undone_at, _("Taken back: %(gift)s.") % {"gift": sent}, href)


def _of_payouts(user: User) -> Iterator[Happening]:
    events = PayoutEvent.objects.filter(payout__creator=user).select_related("payout__creator")
    for event in events.order_by("-id")[:HAPPENED]:
        facts = {"money": event.payout.amount, "state": event.short_state}
        words = _("Payout of %(money)s: %(state)s.") % facts
        href = reverse("admin:payouts_payout_change", args=[event.payout_id])
        yield Happening(event.created_at, f"{words} {event.note}".strip(), href)


def _deeds(request: HttpRequest, seen: Person) -> Iterator[Deed]:
    user, may = seen.user, request.user.has_perm
    if may("accounts.change_user") and (request.user.is_superuser or not user.is_staff):
        yield Deed(
            _("Change the account"),
            _("Country, date of birth, closing the account. The form is further down."),
            "#user_form",
        )
    if user.is_creator and may("accounts.change_creator"):
        yield Deed(
            _("Change the trust"),
            _("It decides how long diamonds are on hold. It asks for a reason."),
            reverse("admin:accounts_creator_change", args=[user.pk]),
        )
    waiting = seen.payouts and any(payout.can_cancel for payout in seen.payouts.rows)
    if seen.payouts and waiting and may("payouts.cancel_payout"):
        yield Deed(
            _("Cancel a payout"),
            _("On the payout's page, until it is in a bank file."),
            seen.payouts.all_of_them,
        )
    yield Deed(
        _("See what staff changed"),
        _("Every change of this account, and who made it."),
        reverse("admin:accounts_user_history", args=[user.pk]),
    )
