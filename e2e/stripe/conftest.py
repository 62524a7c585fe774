"""One site that is paid through the stand-in for Stripe, for the journeys with cards."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from e2e.site import Site


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that is paid through the stand-in."""
    site = Site(tmp_path_factory.mktemp("stripe"))
    site.environment["PAYMENT_PROVIDERS"] = "stripe"
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="package")
def idle() -> Iterator[dict[bool, list[BrowserContext]]]:
    """The browsers of this site, which is another one than all others'."""
    kept: dict[bool, list[BrowserContext]] = {True: [], False: []}
    yield kept
    for contexts in kept.values():
        for context in contexts:
            context.close()
