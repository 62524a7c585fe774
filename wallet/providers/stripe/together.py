"""Payments that are asked about together: few questions for many."""

from collections.abc import Iterable

import stripe

from wallet.providers.base import Unreachable
from wallet.providers.stripe import money_back
from wallet.providers.stripe.client import client, unclear_is_unreachable

SESSIONS = "cs_"  # how the reference of a Checkout Session begins
PAGE = 100
FEW = 4  # one asks for these one by one; a page that brings fewer is the last one


class Together:
    """What Stripe says of the payments of one batch, from the moment when it is made.

    Orders that come due together were mostly opened together, and Stripe lists sessions in that
    order: a page that begins at a session of the batch brings the next ones along. What no page
    brings is asked for by itself.
    """

    def __init__(self, references: Iterable[str], expand: str) -> None:
        self.disputes_of = money_back.Lately().disputes_of
        self.expand = expand
        wanted = [name for name in references if name.startswith(SESSIONS)]
        self.sessions = self._listed(wanted)

    def _listed(self, wanted: list[str]) -> dict[str, stripe.checkout.Session]:
        """Return those of the sessions, the newest first, that a few pages bring."""
        found: dict[str, stripe.checkout.Session] = {}
        while len(wanted) > FEW:
            first, *left = wanted
            try:
                page = self._page(first)
            except stripe.InvalidRequestError:  # of another account: the page may begin at the next
                wanted = left
                continue
            except Unreachable:  # each by itself may be luckier
                break
            brought = {name: page[name] for name in left if name in page}
            found |= brought
            wanted = [name for name in left if name not in brought]
            if len(brought) < FEW:
                break
        return found

    @unclear_is_unreachable()
    def _page(self, after: str) -> dict[str, stripe.checkout.Session]:
        """Return the sessions that were opened before one, the newest, by their names."""
        asked = {"starting_after": after, "limit": PAGE, "expand": [f"data.{self.expand}"]}
        once = {"max_network_retries": 0}  # whoever waits for a page in vain still asks one by one
        page = client().v1.checkout.sessions.list(asked, once)  # type: ignore[arg-type]  # plain dicts
        return {session.id: session for session in page.data}
