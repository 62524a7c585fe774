"""What providers say of orders: the only source of truth about their payments."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial

from wallet.models import Purchase
from wallet.providers import registry
from wallet.providers.base import ProviderPayment
from wallet.purchases import buying

log = logging.getLogger(__name__)
Fetch = Callable[[str], ProviderPayment]
AT_ONCE = 4  # of Stripe's test mode, which answers 25 questions a second


@dataclass(frozen=True)
class Answer:
    """What a provider says of an order, which may still be on its way."""

    payment: Callable[[], ProviderPayment]
    coming: Future[ProviderPayment] | None = None

    def is_late(self, seconds: float) -> bool:
        """Wait so long for an answer from far away; return whether there is still none."""
        return self.coming is not None and not wait([self.coming], seconds).done


def ask(purchase: Purchase) -> ProviderPayment:
    """Return what the provider says of an order, whose payment is opened where it is not yet."""
    if purchase.state == Purchase.State.CREATED:
        buying.start(purchase)
    return registry.named(purchase.provider).fetch(purchase.provider_reference)


def answers(purchases: list[Purchase]) -> Iterator[tuple[Purchase, Answer]]:
    """Yield orders with the answers of their providers.

    Providers far away are asked about all of them together where they can be, else about a few at
    once: most of that time is waiting.
    """
    references: dict[str, list[str]] = defaultdict(list)
    for purchase in sorted(purchases, key=lambda each: each.pk, reverse=True):
        references[purchase.provider].append(purchase.provider_reference)
    fetching = {name: _together(name, of) for name, of in references.items()}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked: list[tuple[Purchase, Answer]] = []
        for purchase in purchases:
            fetch = fetching[purchase.provider]
            if fetch and purchase.state != Purchase.State.CREATED:
                coming = threads.submit(fetch, purchase.provider_reference)
                asked.append((purchase, Answer(coming.result, coming)))
            else:
                asked.append((purchase, Answer(partial(ask, purchase))))
        yield from asked


def _together(name: str, references: list[str]) -> Fetch | None:
    """Return what says how payments stand that are asked about together; nothing where each is
    asked about by itself, as where asking together went wrong.
    """
    try:
        far = registry.far_away(name)
        return far.together(filter(None, references)) if far else None
    except Exception:
        log.exception("%s was not asked about many payments at once.", name)
        return None
