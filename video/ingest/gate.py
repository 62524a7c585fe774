"""Who may connect: so many from one network, so often, and fewer after wrong keys.

Networks are kept in memory for a minute and stand in no log.
"""

import ipaddress
import time
from collections import defaultdict, deque
from collections.abc import Callable

WINDOW_S = 60.0
MOST_CONNECTS = 30  # from one network in a minute
MOST_WRONG_KEYS = 5
MOST_AT_ONCE = 8
MOST_IN_ALL = 200
MOST_NETWORKS = 20_000


def network_of(address: str) -> str:
    """Return what one person has: an address of IPv4, the first half of one of IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 64 if ip.version == 6 else 32), strict=False))


class Gate:
    """Counts connections and wrong keys."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.open: dict[str, int] = defaultdict(int)
        self._connects: dict[str, deque[float]] = {}
        self._wrong: dict[str, deque[float]] = {}

    def enter(self, network: str, *, many: bool = False) -> bool:
        """Let a connection in, or not. Who is let in must leave.

        `many`: a media server speaks for many people from there, and bounds each.
        """
        if sum(self.open.values()) >= MOST_IN_ALL or self.is_guessing(network):
            return False
        if not many:
            often = self._count(self._connects, network) > MOST_CONNECTS
            if often or self.open[network] >= MOST_AT_ONCE:
                return False
        self.open[network] += 1
        return True

    def leave(self, network: str) -> None:
        """Note that a connection is over."""
        self.open[network] -= 1
        if not self.open[network]:
            del self.open[network]

    def wrong_key(self, network: str) -> None:
        """Note that a key was wrong."""
        self._count(self._wrong, network)

    def is_guessing(self, network: str) -> bool:
        """Return whether too many wrong keys came from there within a minute."""
        times = self._wrong.get(network, ())
        return sum(at > self.now() - WINDOW_S for at in times) >= MOST_WRONG_KEYS

    def _count(self, counted: dict[str, deque[float]], network: str) -> int:
        at = self.now()
        if network not in counted and len(counted) >= MOST_NETWORKS:
            counted.clear()  # a flood from everywhere: what one network did matters no more
        times = counted.setdefault(network, deque(maxlen=MOST_CONNECTS + 1))
        times.append(at)
        while times[0] <= at - WINDOW_S:
            times.popleft()
        return len(times)
