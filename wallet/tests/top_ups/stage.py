"""Fans with auto top-up: agreed, their card saved at a provider, and gifts that run them low."""

from typing import Any

from accounts.models import User
from stripe_standin.server import Standin
from wallet.models import Purchase, SandboxSavedCard, TopUp
from wallet.prices import pricing
from wallet.tests.stage import pack, spend
from wallet.top_ups import agreeing, cards, consent, running
from wallet.top_ups.agreeing import Wish


def wish(fan: User, **other: Any) -> Wish:
    """Return a wish: 1,000 coins below 500, four times in 30 days."""
    bundle = other.pop("bundle", None) or pack(fan)
    assert fan.country is not None
    price = pricing.quote_for_bundle(bundle, fan.country).total_minor
    facts: dict[str, Any] = {
        "bundle": bundle,
        "below_coins": 500,
        "month_minor": 4 * price,
        "total_minor": price,
        "version": consent.VERSION,
    }
    return Wish(**(facts | other))


def agreed(fan: User, **other: Any) -> TopUp:
    """Return what a fan agreed to, with the provider's page opened."""
    top_up = agreeing.agree(user=fan, wish=wish(fan, **other))
    cards.open_page(top_up.saved_method)
    return top_up


def turned_on(
    fan: User, standin: Standin | None = None, *, plays: str = "pays", **other: Any
) -> TopUp:
    """Return an agreement in force, its card saved; the bank does as it `plays`."""
    top_up = agreed(fan, **other)
    reference = top_up.saved_method.setup_reference
    if standin:
        standin.account.save_card(reference, plays=plays)
    else:
        SandboxSavedCard.objects.filter(pk=reference).update(plays=plays)
    cards.inspect(top_up.saved_method)
    top_up.refresh_from_db()
    assert top_up.state == TopUp.State.ON
    return top_up


def run_low(fan: User, coins: int) -> list[Purchase]:
    """Let a fan send a gift and a worker look; return all orders of auto top-up, oldest first."""
    spend(fan, coins, kind="gift")
    running.run()
    return orders_of(fan)


def orders_of(fan: User) -> list[Purchase]:
    """Return the orders that auto top-up placed, oldest first."""
    return list(fan.purchases.filter(top_up__isnull=False).order_by("pk"))
