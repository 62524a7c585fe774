"""What providers say of orders: the only source of truth about their payments."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from wallet.models import Purchase
from wallet.providers import registry
from wallet.providers.base import ProviderPayment
from wallet.purchases import buying

Answer = Callable[[], ProviderPayment]
AT_ONCE = 4  # of Stripe's test mode, which answers 25 questions a second


def ask(purchase: Purchase) -> ProviderPayment:
    """Return what the provider says of an order, whose payment is opened where it is not yet."""
    if purchase.state == Purchase.State.CREATED:
        buying.start(purchase)
    return registry.named(purchase.provider).fetch(purchase.provider_reference)


def answers(purchases: list[Purchase]) -> Iterator[tuple[Purchase, Answer]]:
    """Yield orders with what returns, or raises, what their providers say of them.

    Providers far away are asked about all of them together where they can be, else about a few at
    once: most of that time is waiting.
    """
    references: dict[str, list[str]] = defaultdict(list)
    for purchase in sorted(purchases, key=lambda each: each.pk, reverse=True):
        references[purchase.provider].append(purchase.provider_reference)
    fetching = {
        name: far.together(filter(None, of))
        for name, of in references.items()
        if (far := registry.far_away(name))
    }
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked: list[tuple[Purchase, Answer]] = []
        for purchase in purchases:
            fetch = fetching.get(purchase.provider)
            if fetch and purchase.state != Purchase.State.CREATED:
                asked.append((purchase, threads.submit(fetch, purchase.provider_reference).result))
            else:
                asked.append((purchase, partial(ask, purchase)))
        yield from asked
