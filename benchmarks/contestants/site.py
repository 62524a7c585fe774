"""The site's own services: `send_gift` and `send_gifts` in processes, in threads, and all alone."""

from functools import cache

from benchmarks.contest import MILLISECONDS, Contestant, Outcome
from benchmarks.crew import Crew
from benchmarks.plan import CREATORS, SECONDS, WARM_UP


def contestants() -> list[Contestant]:
    """Return every way to send through the services."""

    @cache
    def crew() -> Crew:
        return Crew("benchmarks.contestants.site_worker", 16)

    def together(name: str, workers: int, **job: object) -> Contestant:
        def run() -> Outcome:
            answers = crew().work(workers, warm_up=WARM_UP, seconds=SECONDS, **job)
            return Outcome({name: Crew.per_second(answers)}, Crew.done(answers))

        return Contestant(name, run, crew)

    def lone() -> Outcome:
        answer = crew().work(1, way="lone", rooms=CREATORS, warm_up=WARM_UP, seconds=SECONDS)[0]
        return Outcome(
            {f"lone send, micro-batching {way}": answer["ms"][way] for way in ("on", "off")},
            answer["done"],
            MILLISECONDS,
        )

    return [
        *(
            together(f"send_gift, {workers}, {where}", workers, way="send", rooms=rooms)
            for workers in (4, 16)
            for where, rooms in (("spread", CREATORS), ("one creator", 1))
        ),
        together("send_gifts, 16, batches", 16, way="batch", rooms=CREATORS),
        *(
            together(
                f"{threads} threads, micro-batching {way}",
                1,
                way="threads",
                threads=threads,
                rooms=CREATORS,
                combine=way == "on",
            )
            for threads, way in ((4, "on"), (16, "on"), (16, "off"))
        ),
        Contestant("lone send", lone, crew),
    ]
