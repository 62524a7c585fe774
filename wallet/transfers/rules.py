"""The rules by which money that came is an order's or goes back. Pure: it reads and writes nothing.

They stand in docs/operator.md, "Bank transfers", and on the order's page.
"""

from dataclasses import dataclass
from datetime import date

from wallet.models import GiveBack

Kind = GiveBack.Kind


@dataclass(frozen=True)
class Facts:
    """An order and money that names it, in minor units of one currency."""

    amount_minor: int
    booked_on: date
    total_minor: int
    received_minor: int
    paid: bool  # the coins were added
    is_open: bool  # neither paid nor expired, cancelled or declined
    awaited_until: date
    honoured_until: date


@dataclass(frozen=True)
class Decision:
    """What of the money the order counts, and why the rest goes back, if there is one."""

    use_minor: int
    back: "GiveBack.Kind | None" = None


def decide(facts: Facts) -> Decision:
    """Return what becomes of money: what the order still lacks is counted, the rest goes back.

    In time, parts add up. After that, and for an order that ended, only all of what is lacking
    counts; and nothing after the last day.
    """
    lacking = facts.total_minor - facts.received_minor
    if facts.paid or lacking <= 0:
        return Decision(0, Kind.SECOND)
    if facts.booked_on > facts.honoured_until:
        return Decision(0, Kind.LATE)
    in_time = facts.booked_on <= facts.awaited_until
    if facts.amount_minor < lacking:
        if in_time and facts.is_open:
            return Decision(facts.amount_minor)
        return Decision(0, Kind.UNDERPAID if in_time else Kind.LATE)
    return Decision(lacking, Kind.SURPLUS if facts.amount_minor > lacking else None)
