"""The unused coins of a fan with 1,000 orders and 100,000 gifts, and of one with one order."""

import statistics
import time
import uuid

from django.db import connection, transaction

from accounts.models import User
from benchmarks import people
from benchmarks.plan import BATCH, GIFT
from gifts.sending.send import Send
from gifts.sending.services import send_batch
from live.models import Stream
from wallet.models import Purchase
from wallet.refunds.unused import unused_coins

ORDERS, GIFTS = 1_000, 100_000
CALLS = 300


def measured() -> dict[str, tuple[float, float]]:
    """Return the median seconds of a call, for the fan with one order and for the other."""
    many, one = User.objects.filter(handle__in=["fan_1", "fan_2"]).order_by("pk")
    with transaction.atomic():
        people.buy_coins([many] * (ORDERS - 1))
    _send(many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    paid = Purchase.objects.filter(user=many, state=Purchase.State.PAID)
    orders = paid.order_by("captured_at", "pk")
    small = Purchase.objects.get(user=one, state=Purchase.State.PAID)
    found = {}
    for name, large in {"the newest order": orders.last(), "the oldest": orders.first()}.items():
        assert large
        times: dict[int, list[float]] = {small.pk: [], large.pk: []}
        for _ in range(CALLS):
            for order in (small, large):
                began = time.perf_counter()
                unused_coins(order)
                times[order.pk].append(time.perf_counter() - began)
        found[name] = (statistics.median(times[small.pk]), statistics.median(times[large.pk]))
    return found


def _send(fan: User) -> None:
    """Let the fan send their gifts, as sets of one person do: one statement for fifty."""
    rooms = list(Stream.objects.values_list("public_id", flat=True)[:50])
    for _ in range(GIFTS // BATCH):
        answers = send_batch(
            [Send(fan=fan, stream=room, gift=GIFT, key=uuid.uuid4()) for room in rooms]
        )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        if refused:
            raise refused[0]
    print(f"{GIFTS:,} gifts sent", flush=True)
