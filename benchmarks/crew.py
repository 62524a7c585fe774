"""Processes that work at the same time: each reads a job a line and answers with a line."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Job = dict[str, Any]
Answer = dict[str, Any]
HEAD_START = 0.1  # seconds in which every process reads its job, so that all begin at once


class Crew:
    """Some processes of one module, started once; they end when the benchmark does."""

    def __init__(self, module: str, size: int, *, python: Path | str = sys.executable) -> None:
        self.processes = [
            subprocess.Popen(
                [str(python), "-m", module, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(size)
        ]
        for process in self.processes:
            read(process)  # says that it is ready

    def work(self, size: int, **job: Any) -> list[Answer]:
        """Give the first `size` processes one job and return what each of them answers."""
        chosen = self.processes[:size]
        line = json.dumps({"start": time.time() + HEAD_START, **job})
        for process in chosen:
            assert process.stdin
            print(line, file=process.stdin, flush=True)
        return [read(process) for process in chosen]

    @staticmethod
    def per_second(answers: list[Answer]) -> float:
        """Return what all did together in a second."""
        return float(sum(answer["per_second"] for answer in answers))

    @staticmethod
    def done(answers: list[Answer]) -> int:
        """Return what all did, warm-up included."""
        return int(sum(answer["done"] for answer in answers))


def read(process: "subprocess.Popen[str]") -> Answer:
    """Return what a process says next."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"a worker ended with {process.wait()} in the middle of its work")
    answer: Answer = json.loads(line)
    return answer


def serve(do: Callable[[Job], Answer]) -> None:
    """Do jobs until there are no more: the main loop of a worker process."""
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)


def count(job: Job, step: Callable[[], int]) -> Answer:
    """Repeat a step for the job's seconds; return what it did after the warm-up, and in all."""
    time.sleep(max(0.0, job["start"] - time.time()))
    begin = time.perf_counter() + job["warm_up"]
    end = begin + job["seconds"]
    warm = counted = 0
    while (now := time.perf_counter()) < end:
        done = step()
        if now < begin:
            warm += done
        else:
            counted += done
    return {"per_second": counted / (time.perf_counter() - begin), "done": warm + counted}
