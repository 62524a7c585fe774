"""Sends gifts into rooms as `gifts_send` does: one statement that writes the event and is its own
transaction, then publishing it.

Run as a program it obeys JSON lines: {"rooms": [...], "rate": gifts a second or 0, "seconds": ...}.
"""

import json
import sys
import threading
import time
from itertools import cycle

from benchmarks.live.frames import payload

THREADS = 2
INSERT = """
INSERT INTO live_event (stream_id, kind, payload, created_at) VALUES (%s, 'gift', %s, now())
RETURNING id
"""


def send(rooms: list[int], rate: float, seconds: float) -> int:
    """Write gifts for some seconds, so many a second or (0) as many as go; return how many."""
    from django.db import connection

    from live.feed.events import push

    def one(room: int) -> None:
        facts = payload()
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [room, json.dumps(facts)])
            (event_id,) = cursor.fetchone()
        push(room, event_id, "gift", facts)

    until = time.monotonic() + seconds
    due = time.monotonic()
    sent = 0
    for room in cycle(rooms):
        if rate:
            due += 1 / rate
            time.sleep(max(0.0, due - time.monotonic()))
        if time.monotonic() >= until:
            connection.close()
            return sent
        one(room)
        sent += 1
    return sent


def send_by(threads: int, rooms: list[int], rate: float, seconds: float) -> int:
    """Send from several threads, which share the rate."""
    counts: list[int] = []

    def one(number: int) -> None:
        mine = rooms[number::threads] or rooms
        time.sleep(number / rate if rate else 0)
        counts.append(send(mine, rate / threads, seconds))

    crew = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return sum(counts)


def main() -> None:
    """Send and answer until the orders end."""
    import django

    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        sent = send_by(THREADS, order["rooms"], order["rate"], order["seconds"])
        print(json.dumps({"sent": sent, "seconds": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    main()
