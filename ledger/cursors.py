"""Cursors: the beginning of the next page of a running balance.

What lies above a page is not added up again: the way to the next page carries the balance that it
begins with. It is signed: a forged one would show a balance that never was.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing

from foundation.keyset import LARGEST_KEY


@dataclass(frozen=True)
class Cursor:
    """The last line of a page, and the balance beneath it; nothing of both above the first page.

    `writing` are the transactions that had not ended when the page was read. What they wrote
    further down is not in that balance: the next page looks for exactly these.
    """

    posting: int = LARGEST_KEY
    transfer: int = LARGEST_KEY
    balance: int | None = None
    writing: list[str] = field(default_factory=list)

    def signed(self, whose: str) -> str:
        """Return it as an address carries it, good for one person's or one account's pages."""
        return signing.dumps(list(asdict(self).values()), salt=f"cursor of {whose}", compress=True)

    @property
    def facts(self) -> dict[str, Any]:
        """The values that a query takes."""
        return asdict(self)


def read(text: str, whose: str) -> Cursor:
    """Return the cursor that an address carries; the top where it carries none of these pages."""
    try:
        return Cursor(*signing.loads(text, salt=f"cursor of {whose}"))
    except signing.BadSignature:
        return Cursor()
