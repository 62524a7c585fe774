"""One process of the site that sends gifts as fast as it can."""

import random
import statistics
import sys
import threading
import time
import uuid

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.crew import Answer, Job, count, serve  # noqa: E402
from benchmarks.plan import BATCH, GIFT  # noqa: E402
from gifts.sending.send import Send, Sent  # noqa: E402
from gifts.sending.services import send_batch, send_gift  # noqa: E402
from live.models import Stream  # noqa: E402

TURN = 50  # sends with micro-batching on, then as many with it off

chance = random.Random(int(sys.argv[1]))
fans = list(User.objects.filter(is_creator=False).order_by("pk"))
streams = list(Stream.objects.order_by("pk"))


def one(rooms: int) -> int:
    """Send one gift. Raises what refuses it."""
    send_gift(
        fan=chance.choice(fans),
        stream=streams[chance.randrange(rooms)],
        gift=GIFT,
        key=uuid.uuid4(),
    )
    return 1


def many(rooms: int) -> int:
    """Send a batch of gifts of as many fans; return how many were accepted."""
    answers = send_batch(
        [
            Send(
                fan=chance.choice(fans),
                stream=streams[chance.randrange(rooms)],
                gift=GIFT,
                key=uuid.uuid4(),
            )
            for _ in range(BATCH)
        ]
    )
    return sum(isinstance(answer, Sent) for answer in answers)


def threads(job: Job) -> Answer:
    """Send from many threads of this process."""
    settings.MICRO_BATCHING = job["combine"]
    answers: list[Answer] = []

    def hand() -> None:
        answers.append(count(job, lambda: one(job["rooms"])))
        connection.close()

    hands = [threading.Thread(target=hand) for _ in range(job["threads"])]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    settings.MICRO_BATCHING = True
    return {
        "per_second": sum(answer["per_second"] for answer in answers),
        "done": sum(answer["done"] for answer in answers),
    }


def lone(job: Job) -> Answer:
    """Send from one thread, in turns with micro-batching on and off; return both median times."""
    took: dict[str, list[float]] = {"on": [], "off": []}
    begin = time.perf_counter() + job["warm_up"]
    done = 0
    while time.perf_counter() < begin + job["seconds"]:
        for way, times in took.items():
            settings.MICRO_BATCHING = way == "on"
            for _ in range(TURN):
                before = time.perf_counter()
                done += one(job["rooms"])
                if before > begin:
                    times.append(time.perf_counter() - before)
    settings.MICRO_BATCHING = True
    return {
        "ms": {way: statistics.median(times) * 1_000 for way, times in took.items()},
        "done": done,
    }


def do(job: Job) -> Answer:
    """Do one job in the way it names."""
    if job["way"] == "lone":
        return lone(job)
    if job["way"] == "threads":
        return threads(job)
    step = many if job["way"] == "batch" else one
    return count(job, lambda: step(job["rooms"]))


if __name__ == "__main__":
    serve(do)
