"""All listeners in one process: they count bytes and look at no more than they must.

Run as a program it obeys JSON lines: `join`, `begin`, `end`, `leave`.
"""

import json
import os
import select
import socket
import sys
import time
from typing import Any

from benchmarks.live.frames import MARK, SENT
from benchmarks.live.plan import IN_TIME_MS

SAMPLE = 10  # of so many listeners one takes the time of each gift; all of them count
# What a browser sends, in about the bytes that it takes.
HEAD = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "Cache-Control: no-store\r\nConnection: keep-alive\r\nReferer: http://127.0.0.1/live/\r\n"
    "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n"
    "Cookie: sessionid=0123456789abcdef0123456789abcdef; csrftoken=0123456789abcdef\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36\r\n\r\n"
)


class Crowd:
    """Open connections and what came through them since `begin`."""

    def __init__(self) -> None:
        self.epoll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.sampled: dict[
            int, bytes
        ] = {}  # a listener's last bytes, where a time may be cut in two
        self.buffer = memoryview(bytearray(1 << 20))
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.began = time.monotonic()
        self.gifts = self.bytes = 0
        self.delays_ms: list[float] = []
        self.lost = 0

    def join(self, port: int, paths: list[str]) -> int:
        """Open a connection for each path, wait for all answers' heads; return how many refused."""
        refused = 0
        for path in paths:
            one = socket.create_connection(("127.0.0.1", port), 30)
            one.sendall(HEAD.format(path=path).encode())
            head = one.recv(65_536)
            refused += not head.startswith(b"HTTP/1.1 200")
            one.setblocking(False)
            number = one.fileno()
            self.sockets[number] = one
            if len(self.sockets) % SAMPLE == 1:
                self.sampled[number] = b""
            self.epoll.register(number, select.EPOLLIN)
        return refused

    def leave(self) -> None:
        """Close every connection."""
        for number, one in self.sockets.items():
            self.epoll.unregister(number)
            one.close()
        self.sockets.clear()
        self.sampled.clear()

    def take(self, number: int) -> None:
        """Read what has come for one listener."""
        if number not in self.sockets:  # it left since it was told that something came
            return
        try:
            size = self.sockets[number].recv_into(self.buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            self.lost += 1
            self.epoll.unregister(number)
            self.sockets.pop(number).close()
            return
        data = bytes(self.buffer[:size])
        self.gifts += data.count(MARK)
        self.bytes += size
        if number in self.sampled:
            now = time.time_ns()
            data = self.sampled[number] + data
            end = 0
            for found in SENT.finditer(data):
                self.delays_ms.append((now - int(found[1])) / 1e6)
                end = found.end()
            self.sampled[number] = data[end:][-30:]

    def end(self) -> dict[str, Any]:
        """Return what came since `begin`."""
        delays = sorted(self.delays_ms)
        seconds = time.monotonic() - self.began
        return {
            "seconds": seconds,
            "gifts": self.gifts,
            "bytes": self.bytes,
            "lost": self.lost,
            "median_ms": percentile(delays, 0.5),
            "p99_ms": percentile(delays, 0.99),
            "in_time": sum(delay <= IN_TIME_MS for delay in delays) * SAMPLE,
        }

    def obey(self, line: str) -> Any:
        """Do what a line asks and return the answer."""
        order = json.loads(line)
        match order["do"]:
            case "join":
                return self.join(order["port"], order["paths"])
            case "begin":
                return self.begin()
            case "end":
                return self.end()
            case _:
                return self.leave()


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of the sorted values lies; 0 of none."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def main() -> None:
    """Listen and obey until the orders end."""
    crowd = Crowd()
    orders = sys.stdin.fileno()
    crowd.epoll.register(orders, select.EPOLLIN)
    rest = b""
    while True:
        for number, _ in crowd.epoll.poll():
            if number != orders:
                crowd.take(number)
                continue
            piece = os.read(orders, 1 << 20)
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                print(json.dumps(crowd.obey(line.decode())), flush=True)


if __name__ == "__main__":
    main()
