"""What a dispute moves in the ledger, and in its order's row. Each step is one posting."""

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

import ledger
from ledger.chart import COIN
from wallet.bonus.voiding import follow_order
from wallet.models import Dispute, DisputePolicy, DisputeStep, Purchase
from wallet.refunds.amounts import Shares

Kind = DisputeStep.Kind
TaxBack = DisputePolicy.TaxBack


def hold(dispute: Dispute, coins: int) -> None:
    """Put unspent coins of the order on hold. Raises `NotEnough` when they were spent meanwhile."""
    _write(dispute, Kind.HELD, coins=coins)
    _change(dispute, held_coins=F("held_coins") + coins)
    _change_order(dispute, held_coins=F("held_coins") + coins)


def take(dispute: Dispute) -> None:
    """Book that the provider took the money back."""
    _write(dispute, Kind.TAKEN, amount_minor=dispute.amount_minor)
    _change(dispute, inquiry=False)


def charge(dispute: Dispute, fee_minor: int) -> None:
    """Book the provider's fee up to this amount; less than before where it gave some back."""
    _write(dispute, Kind.FEE, amount_minor=fee_minor - dispute.fee_minor)
    _change(dispute, fee_minor=fee_minor)


def win(dispute: Dispute) -> None:
    """Undo everything but the fee: coins are free, the money is back at the provider."""
    amount = 0 if dispute.inquiry else dispute.amount_minor
    step = _write(dispute, Kind.WON, coins=dispute.held_coins, amount_minor=amount)
    _change_order(dispute, held_coins=F("held_coins") - dispute.held_coins)
    dispute.move(Dispute.State.WON, held_coins=0, decided_at=step.created_at)


def lose(dispute: Dispute) -> None:
    """Take the held coins out of the world, and divide the money that is gone."""
    loss, coins = divided(dispute), dispute.held_coins
    step = _write(
        dispute,
        Kind.LOST,
        coins=coins,
        amount_minor=dispute.amount_minor,
        net_minor=loss.net_minor,
        tax_minor=loss.tax_minor,
        loss_minor=loss.own_minor,
    )
    _change_order(
        dispute,
        held_coins=F("held_coins") - coins,
        returned_coins=F("returned_coins") + coins,
        returned_net_minor=F("returned_net_minor") + loss.net_minor,
        returned_tax_minor=F("returned_tax_minor") + loss.tax_minor,
        returned_loss_minor=F("returned_loss_minor") + loss.own_minor - dispute.uncovered_minor,
    )
    dispute.move(Dispute.State.LOST, held_coins=0, decided_at=step.created_at)


@dataclass(frozen=True)
class Loss:
    """A lost dispute's money, in minor units: unspent coins', tax that is not owed, the site's."""

    net_minor: int
    tax_minor: int
    own_minor: int


def divided(dispute: Dispute) -> Loss:
    """Return how a lost dispute's money divides.

    The held coins give their share of the order's price, tax as the rules say. What the order does
    not have is the site's own loss, and so is what was spent.
    """
    purchase, amount = Purchase.objects.get(pk=dispute.purchase_id), dispute.amount_minor
    covered = amount - dispute.uncovered_minor
    shares = Shares(purchase)
    worth = shares.of(dispute.held_coins)
    net = min(worth.net_minor, covered)
    tax = {
        TaxBack.COINS: worth.tax_minor,
        TaxBack.ALL: min(
            -(-purchase.tax_minor * covered // purchase.total_minor),
            purchase.tax_minor - shares.tax_minor,
        ),
        TaxBack.NONE: 0,
    }[TaxBack(dispute.tax_back)]
    tax = min(tax, covered - net)
    return Loss(net, tax, amount - net - tax)


def posting_key(step: DisputeStep) -> str:
    """Return the key under which a step is booked."""
    return f"dispute:{step.dispute.public_id}:{step.number}"


def _write(dispute: Dispute, kind: Kind, **amounts: int) -> DisputeStep:
    step = DisputeStep(
        dispute=dispute,
        number=dispute.steps.count() + 1,
        kind=kind,
        created_at=timezone.now(),
        **amounts,
    )
    if legs := _legs(step):
        answer = ledger.post_one(key=posting_key(step), kind=f"dispute_{kind}", legs=legs)
        step.created_at = ledger.moment_of(answer)
    step.save(force_insert=True)
    return step


def _legs(step: DisputeStep) -> list[ledger.Leg]:
    """Return what a step moves. *From* is debited, *to* is credited."""
    purchase, currency = step.dispute.purchase, step.dispute.currency
    clearing, tax = f"clearing:{purchase.provider}", f"tax:{purchase.country_id}"
    moved: dict[str, list[tuple[str, str, int]]] = {
        Kind.HELD: [("coins", "coins_held", step.coins)],
        Kind.TAKEN: [("disputes_held", clearing, step.amount_minor)],
        Kind.FEE: [
            ("processor_fees", clearing, step.amount_minor),
            (clearing, "processor_fees", -step.amount_minor),
        ],
        Kind.WON: [
            ("coins_held", "coins", step.coins),
            (clearing, "disputes_held", step.amount_minor),
        ],
        Kind.LOST: [
            ("coins_held", "coins_clawed_back", step.coins),
            ("unearned", "disputes_held", step.net_minor),
            (tax, "disputes_held", step.tax_minor),
            ("dispute_loss", "disputes_held", step.loss_minor),
        ],
    }

    def account(kind: str) -> int:
        if kind in {"coins", "coins_held"}:
            return ledger.account_id(kind, COIN, purchase.user_id)
        return ledger.account_id(kind, COIN if kind == "coins_clawed_back" else currency)

    return [
        ledger.Leg(
            COIN if giving in {"coins", "coins_held"} else currency,
            account(giving),
            account(taking),
            amount,
        )
        for giving, taking, amount in moved[step.kind]
        if amount > 0
    ]


def _change(dispute: Dispute, **changes: object) -> None:
    Dispute.objects.filter(pk=dispute.pk).update(**changes)
    dispute.refresh_from_db()


def _change_order(dispute: Dispute, **changes: object) -> None:
    Purchase.objects.filter(pk=dispute.purchase_id).update(**changes)
    follow_order(dispute.purchase_id)
