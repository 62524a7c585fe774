"""The site's settings, the postings that tests make, and a database that waits for no disk."""

from giftplatform.settings import *  # noqa: F403  # all of them, as they are
from giftplatform.settings import DATABASES, LEDGER_POSTINGS, TESTING

LEDGER_POSTINGS = [*LEDGER_POSTINGS, "testing.postings"]
if TESTING:
    # No test outlives its database; those that take its power away start a site, as it runs.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
