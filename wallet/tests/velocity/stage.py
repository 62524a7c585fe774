"""Orders that a rule finds: rules of a test's own, cards, browsers, networks."""

from typing import Any

from accounts.models import User
from accounts.traces import Kind as Of
from accounts.traces import Origin, hidden
from wallet.models import Purchase, SandboxPayment, VelocityHit, VelocityRule
from wallet.purchases import settlement
from wallet.tests import stage

Kind, Action = VelocityRule.Kind, VelocityRule.Action
HOME = "203.0.113.9"


def only(kind: str, action: str = Action.HOLD, threshold: int = 1, **more: Any) -> VelocityRule:
    """Return a rule that is the only one in force."""
    VelocityRule.objects.update(active=False)
    facts: dict[str, Any] = {"threshold": threshold, "window_hours": 24, "active": True}
    facts |= {"least_usd": 0, "account_days": None, **more}
    region = facts.pop("region", None)
    rule, _new = VelocityRule.objects.update_or_create(
        kind=kind, action=action, region=region, defaults=facts
    )
    return rule


def origin(browser: str = "", ip: str = HOME) -> Origin:
    """Return where a person is, by a name for their browser."""
    return Origin(ip=ip, device=hidden(Of.DEVICE, browser))


def started(
    user: User, coins: int = 100, *, card: str = "", browser: str = "", ip: str = HOME
) -> Purchase:
    """Return an order whose payer has chosen a card."""
    purchase = stage.order(user, coins, origin=origin(browser, ip))
    if card:
        SandboxPayment.objects.filter(pk=purchase.provider_reference).update(card=card)
    return purchase


def paid(user: User, coins: int = 100, **how: Any) -> Purchase:
    """Return an order that was paid, and credited unless a rule holds it."""
    purchase = started(user, coins, **how)
    stage.press(purchase, SandboxPayment.State.SUCCEEDED)
    return settlement.inspect(purchase)


def declined(user: User, coins: int = 100) -> Purchase:
    """Return an order whose payment failed."""
    purchase = started(user, coins)
    stage.press(purchase, SandboxPayment.State.DECLINED)
    return settlement.inspect(purchase)


def held(user: User, coins: int = 100) -> VelocityHit:
    """Return the hit that holds an order: the account's second card."""
    only(Kind.CARDS_PER_ACCOUNT)
    paid(user, coins + 1, card="first")
    return VelocityHit.objects.get(purchase=paid(user, coins, card="second"))


def order_of(hit: VelocityHit) -> Purchase:
    """Return the order of a hit, as it is now."""
    assert hit.purchase_id
    return Purchase.objects.get(pk=hit.purchase_id)
