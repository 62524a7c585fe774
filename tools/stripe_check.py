"""`make stripe-live-check`: our journeys against Stripe's test mode, with a person at its pages.

It needs a key of the test mode in STRIPE_SECRET_KEY and moves no real money. Nobody can pay a
Checkout page by API: the check prints each address and the card to use there, waits for what should
follow, and holds every answer of Stripe against the description that the stand-in is held against.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import django
import stripe

Payer = Callable[["Journey", str, str], None]
PATIENCE_S = 900
PAUSE_S = 3


@dataclass(frozen=True)
class Journey:
    """What a payer does at Stripe's page, and where the payment stands then."""

    title: str
    method: str
    does: str
    becomes: str


JOURNEYS = (
    Journey("paid", "card", "Pay with 4242 4242 4242 4242.", "paid"),
    Journey("declined", "card", "Pay with 4000 0000 0000 0002, then close the page.", "open"),
    Journey("challenged", "card", "Pay with 4000 0025 0000 3155 and confirm.", "paid"),
    Journey("later", "sepa_debit", "Pay with DE89 3704 0044 0532 0130 00.", "paid"),
    Journey("fails later", "sepa_debit", "Pay with DE62 3704 0044 0532 0130 01.", "declined"),
    Journey("disputed", "card", "Pay with 4000 0000 0000 0259.", "paid"),
)


class Failed(Exception):
    """Something is not as it should be."""


@contextmanager
def heard() -> Iterator[list[str]]:
    """Collect how Stripe's answers differ from the description."""
    from stripe_standin.errors import Refusal
    from stripe_standin.forms import nested
    from stripe_standin.operations import operation
    from stripe_standin.server import Exchange
    from stripe_standin.tests.description import differences

    wrong: list[str] = []
    ask = stripe.RequestsClient.request

    def request(
        self: Any, method: str, url: str, headers: Any, post_data: Any = None
    ) -> tuple[Any, int, Any]:
        body, status, answered = ask(self, method, url, headers, post_data)
        at = urlsplit(url)
        try:
            _does, _name, form = operation(method.upper(), at.path)
        except Refusal:
            wrong.append(f"The stand-in does not know {method} {at.path}.")
            return body, status, answered
        sent = nested(post_data) if isinstance(post_data, str) else {}
        said = json.loads(body)
        params = nested(at.query) | sent
        wrong.extend(differences(Exchange(method.upper(), form, params, status, said)))
        return body, status, answered

    stripe.RequestsClient.request = request  # type: ignore[method-assign]  # only while we listen
    try:
        yield wrong
    finally:
        stripe.RequestsClient.request = ask  # type: ignore[method-assign]  # as it was


def by_hand(journey: Journey, url: str, _reference: str) -> None:
    """Ask the person who runs this to pay."""
    sys.stdout.write(f"\n{journey.title}: {journey.does}\n  {url}\n")
    sys.stdout.flush()


def wait_for(ask: Callable[[], Any], wanted: Callable[[Any], bool], what: str) -> Any:
    """Ask until the answer is as wanted. Raises `Failed` after a quarter of an hour."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if wanted(found := ask()):
            return found
        time.sleep(PAUSE_S)
    raise Failed(what)


def walk(journey: Journey, payer: Payer) -> Any:
    """Walk one journey and return the payment as it stands then."""
    from wallet.models import Purchase
    from wallet.providers.stripe.provider import provider

    order = Purchase(
        public_id=uuid.uuid4(),
        coins=1_000,
        currency="EUR",
        total_minor=1_159,
        provider="stripe",
        method=journey.method,
    )
    started = provider.start(order)
    if provider.start(order) != started:
        raise Failed("The same order started twice is another payment.")
    payer(journey, started.url, started.reference)
    touched = journey.becomes == "open"
    payment = wait_for(
        lambda: provider.fetch(started.reference),
        lambda found: (
            found.status == journey.becomes and (not touched or bool(found.payment_reference))
        ),
        f"{journey.title}: it never became {journey.becomes}",
    )
    if payment.order != str(order.public_id) or payment.amount_minor != 1_159:
        raise Failed(f"{journey.title}: {payment}")
    return payment


def give_back(payment: Any) -> None:
    """Refund a payment in two parts, and see a third one refused."""
    from wallet.models import Purchase, Refund
    from wallet.providers.stripe.provider import provider

    of = Purchase(payment_reference=payment.payment_reference)
    for minor, wanted in ((159, "done"), (1_000, "done"), (1, "failed")):
        refund = Refund(
            public_id=uuid.uuid4(), purchase=of, net_minor=minor, tax_minor=0, currency="EUR"
        )
        made = provider.refund(refund)
        if made.status != wanted or (wanted == "done" and provider.refund(refund) != made):
            raise Failed(f"A refund of {minor} is {made}.")
    if [r.amount_minor for r in provider.fetch(payment.reference).refunds] != [159, 1_000]:
        raise Failed("The payment does not show its refunds.")


def check(payer: Payer) -> list[str]:
    """Walk every journey and return how Stripe's answers differ from the description."""
    from datetime import UTC, datetime, timedelta

    from wallet.providers.stripe.provider import provider

    begun = datetime.now(UTC) - timedelta(minutes=1)
    with heard() as wrong:
        payments = {journey.title: walk(journey, payer) for journey in JOURNEYS}
        give_back(payments["paid"])
        reference = payments["disputed"].reference
        wait_for(lambda: provider.fetch(reference).disputes, bool, "no dispute was opened")
        known = {payment.order for payment in payments.values()}
        charged = {line.about for line in provider.movements(begun) if line.kind == "charge"}
        if missing := {p.order for p in payments.values() if p.status == "paid"} - charged:
            raise Failed(f"Stripe's book does not show {missing}.")
        if not known <= {payment.order for payment in provider.poll(begun)}:
            raise Failed("The poll does not find every payment.")
        names = [payment.reference for payment in reversed(payments.values())]
        together = provider.together(names)
        if [together(name) for name in names] != [provider.fetch(name) for name in names]:
            raise Failed("Payments that are asked about together stand elsewhere than alone.")
    return wrong


def main() -> None:
    """Check, and say how it went."""
    if not os.environ.get("STRIPE_SECRET_KEY", "").startswith(("sk_test_", "rk_test_")):
        sys.exit("Set STRIPE_SECRET_KEY to a key of Stripe's test mode and run this again.")
    os.environ |= {"SANDBOX": "true", "PAYMENT_PROVIDERS": "stripe"}
    os.environ.setdefault("STRIPE_WEBHOOK_SECRETS", "whsec_not_used_here")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
    django.setup()
    try:
        wrong = check(by_hand)
    except Failed as failed:
        sys.exit(f"Failed: {failed}")
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "")
    sys.exit("Stripe's answers differ from the description." if wrong else 0)


if __name__ == "__main__":
    main()
