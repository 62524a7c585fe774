"""What the tests of faults share."""

from collections.abc import Iterator

import pytest

from giftplatform.tests.running import RunningSite, running_site


@pytest.fixture(scope="package")
def site() -> Iterator[RunningSite]:
    """A site of its own that may be killed; it takes ten seconds to start."""
    with running_site() as site:
        yield site
