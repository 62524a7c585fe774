"""The site's settings, and the postings that tests make."""

from giftplatform.settings import *  # noqa: F403  # all of them, as they are
from giftplatform.settings import LEDGER_POSTINGS

LEDGER_POSTINGS = [*LEDGER_POSTINGS, "testing.postings"]
