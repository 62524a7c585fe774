"""The machine that the figures were taken on."""

import os
import platform
from pathlib import Path

import psutil

from benchmarks.bed import SHOWN, Bed


def described(bed: Bed) -> dict[str, str]:
    """Return the machine and the database in words, by what each line is about."""
    return {
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": bed.ask("SHOW server_version"),
        "its settings": ", ".join(f"{name}={bed.ask(f'SHOW {name}')}" for name in SHOWN),
        "load": "clients and server on the same cores",
    }


def cpu_model() -> str:
    """Return the processor's name, as far as the system tells it."""
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        for line in cpus.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
