"""The one client of Stripe's API, and what its errors mean to us."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
from django.conf import settings

from wallet.providers.base import Unreachable

log = logging.getLogger(__name__)

# What stripe-python 15.6.2 speaks; every request names it, whatever the account's own default is.
API_VERSION = "2026-08-26.dahlia"
TIMEOUT_S = (4.0, 12.0)  # to connect, to answer
RETRIES = 2  # of what is safe to send again: all our POSTs carry an idempotency key


def client() -> stripe.StripeClient:
    """Return the client for the key and the address in the settings."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_FILES_BASE)


@cache
def _client(key: str, api: str, files: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": api, "files": files},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


@contextmanager
def unclear_is_unreachable() -> Iterator[None]:
    """Turn everything that is neither yes nor no into `Unreachable`.

    No answer, a fault of theirs, too many requests: whether it was done is not known. A wrong key
    or a key that was used for something else is told to the operator; what we asked for is not done
    by asking differently. A plain refusal passes as `stripe.InvalidRequestError`.
    """
    try:
        yield
    except stripe.InvalidRequestError as refusal:
        if refusal.http_status == 409:  # the same key is being worked on right now
            raise Unreachable from refusal
        raise
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as wrong:
        log.error("Stripe refuses our request: %s %s", type(wrong).__name__, wrong.request_id)
        raise Unreachable from wrong
    except stripe.StripeError as trouble:
        log.info("Stripe did not answer: %s", type(trouble).__name__)
        raise Unreachable from trouble
