"""Capture: paid orders are credited, each exactly once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

import ledger
from foundation.errors import WrongState
from ledger.chart import COIN
from wallet.coins.locks import lock_coins
from wallet.models import Purchase, PurchaseEvent
from wallet.postings import facts
from wallet.promotions import promises
from wallet.promotions.offers import COUNTED

PAID = Purchase.State.PAID
Account = tuple[str, str, int | None]


def capture(purchases: Sequence[Purchase]) -> None:
    """Credit paid orders: move, posting and bonus are one transaction, the first two one moment.

    Runs under the orders' locks. What the provider said stands in `paid_from` and
    `payment_reference`. A card from another country than the fan's is no reason to keep the coins
    back, which are paid; staff are told when it is from a country that the fan moved away from.
    """
    if not purchases:
        return
    # A bonus moves another of the fan's accounts in a moment.
    lock_coins(*(purchase.user_id for purchase in purchases))
    inputs = facts(purchase.pk for purchase in purchases)
    answers = ledger.post(
        [
            ledger.Order(posting_key(purchase), "purchase", legs, input=inputs[purchase.pk])
            for purchase, legs in zip(purchases, capture_legs(purchases), strict=True)
        ]
    )
    moments = ledger.moments_of([answer.or_raise() for answer in answers])
    given_up = {each.pk for each in purchases if each.state not in COUNTED}
    move_to_paid(purchases, moments)
    promises.keep(purchases, given_up=given_up)


def posting_key(purchase: Purchase) -> str:
    """Return the key under which an order is credited: one per order, the last guard."""
    return f"purchase:{purchase.public_id}"


def capture_legs(purchases: Sequence[Purchase]) -> list[list[ledger.Leg]]:
    """Return what each captured order moves: coins to the fan, money to unearned and to tax."""
    # In one order, so that two who open the same accounts do not wait for each other.
    wanted = sorted({one for purchase in purchases for one in _accounts(purchase)}, key=repr)
    ids = dict(zip(wanted, ledger.account_ids(wanted), strict=True))
    return [_legs(purchase, [ids[one] for one in _accounts(purchase)]) for purchase in purchases]


def _accounts(purchase: Purchase) -> list[Account]:
    currency = purchase.currency
    return [
        ("coins_issued", COIN, None),
        ("coins", COIN, purchase.user_id),
        (f"clearing:{purchase.provider}", currency, None),
        ("unearned", currency, None),
        *([(f"tax:{purchase.country_id}", currency, None)] if purchase.tax_minor else []),
    ]


def _legs(purchase: Purchase, accounts: list[int]) -> list[ledger.Leg]:
    issued, coins, clearing, unearned, *tax = accounts
    currency = purchase.currency
    return [
        ledger.Leg(COIN, issued, coins, purchase.coins),
        ledger.Leg(currency, clearing, unearned, purchase.net_minor),
        *(ledger.Leg(currency, clearing, each, purchase.tax_minor) for each in tax),
    ]


def move_to_paid(purchases: Sequence[Purchase], moments: Sequence[datetime]) -> None:
    """Move orders on by compare-and-set, all of them, and leave their events, as
    `Purchase.move` does for one. Raises `WrongState`.
    """
    notices = [_moved_on_paper(purchase) for purchase in purchases]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wallet_purchase p SET state = %s, captured_at = paid.at, due_at = NULL,"
            " attempts = 0, paid_from = paid.country, payment_reference = paid.reference,"
            " needs_attention = paid.notice"
            " FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[],"
            " %s::text[]) paid(id, before, at, country, reference, notice)"
            " WHERE p.id = paid.id AND p.state = paid.before",
            [
                PAID,
                [purchase.pk for purchase in purchases],
                [purchase.state for purchase in purchases],
                list(moments),
                [purchase.paid_from for purchase in purchases],
                [purchase.payment_reference for purchase in purchases],
                notices,
            ],
        )
        moved = cursor.rowcount
    if moved != len(purchases) or not all(purchase.may_move(PAID) for purchase in purchases):
        raise WrongState
    for purchase, moment, notice in zip(purchases, moments, notices, strict=True):
        purchase.state, purchase.captured_at, purchase.due_at = PAID, moment, None
        purchase.attempts, purchase.needs_attention = 0, notice
    PurchaseEvent.objects.bulk_create(
        PurchaseEvent(purchase=purchase, state=PAID) for purchase in purchases
    )


def _moved_on_paper(purchase: Purchase) -> str:
    """Return in a sentence that the fan pays from a country they moved away from, or nothing."""
    paid_from = purchase.paid_from
    if paid_from in {"", purchase.country_id}:
        return ""
    if not purchase.user.moves.filter(origin=paid_from).exists():
        return ""
    return _("Paid from %(old)s, the country this person moved away from. Tax is for %(new)s.") % {
        "old": paid_from,
        "new": purchase.country_id,
    }
