"""Exchange rates as they were at any moment."""

from bisect import bisect_right
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from wallet.models import FxRate

Dated = tuple[datetime, Decimal]


class Exchange:
    """The rates of every currency that was asked for; each is read once."""

    def __init__(self) -> None:
        self._known: dict[str, list[Dated]] = {}

    def rates(self, currency: str) -> list[Dated]:
        """Return every rate of a currency with the moment from which it holds, oldest first."""
        if currency not in self._known:
            rows = FxRate.objects.filter(currency=currency, valid_from__lte=timezone.now())
            self._known[currency] = list(
                rows.order_by("valid_from").values_list("valid_from", "per_usd")
            )
        return self._known[currency]

    def at(self, currency: str, moment: datetime) -> Dated | None:
        """Return the rate of a moment: before the first one the first; nothing where none is."""
        rates = self.rates(currency)
        place = bisect_right(rates, moment, key=lambda rate: rate[0])
        return rates[max(place - 1, 0)] if rates else None
