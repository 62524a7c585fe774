"""A gift of 256 bytes that knows when it was sent."""

import json
import re
import time

from benchmarks.live.plan import FRAME

MARK = b"~"  # stands once in every gift and nowhere else: counting marks counts gifts
SENT = re.compile(rb'~(\d{19})"')


def payload(size: int = FRAME) -> dict[str, str]:
    """Return a gift's facts, of a length that makes the whole frame so many bytes."""
    facts = {
        "gift": "pebble",
        "name": "Pebble",
        "from": "Ana",
        "at": f"~{time.time_ns()}",
        "pad": "",
    }
    facts["pad"] = "x" * (size - len(frame(1_000_000, facts)))
    return facts


def frame(event_id: int, facts: dict[str, str]) -> bytes:
    """Return the frame of a gift, as the event stream sends it."""
    text = json.dumps(facts, separators=(",", ":"))
    return f"id: {event_id}\nevent: gift\ndata: {text}\n\n".encode()
