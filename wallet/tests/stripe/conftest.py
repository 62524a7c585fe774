"""A stand-in for Stripe on a port of its own, and a site that pays through it."""

from collections.abc import Iterator

import pytest

from stripe_standin.server import Standin
from wallet.tests.stripe.stage import stripe_site


@pytest.fixture
def standin() -> Iterator[Standin]:
    """The stand-in; all that is said with it is held against Stripe's description."""
    with stripe_site() as standin:
        yield standin
