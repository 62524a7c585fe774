"""Which tests stay together in one process when several share the work."""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# By the beginning of their names: these share a site, and the browser tests a browser too, or a
# story in the database, that take long to start.
TOGETHER = (
    "e2e/",
    "giftplatform/tests/test_faults_kill",
    "giftplatform/tests/test_faults_restore.py",
    "giftplatform/tests/test_demo.py",
)


class Together(LoadScopeScheduling):
    """Hands out tests one by one, but those that belong together to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in TOGETHER if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Together:
    """Return the scheduler of a run in several processes."""
    return Together(config, log)
