"""Runs a program in narrow limits: `confined.py <memory MB> <file MB> <niceness> <program> ...`

It sets the limits and becomes the program. A script of its own, because between a fork and the
program a process with threads must run no Python of ours.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NICENESS = 5
MOST_FILES = 64
MB = 1024 * 1024


def confined(
    program: list[str], *, memory_mb: int, file_mb: int, niceness: int = NICENESS
) -> list[str]:
    """Return the words that run a program in these limits."""
    limits = map(str, (memory_mb, file_mb, niceness))
    return [sys.executable, "-I", "-S", __file__, *limits, *program]


def main() -> None:
    """Set the limits; become the program."""
    memory, largest_file = (int(word) * MB for word in sys.argv[1:3])
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)  # it died before it could be asked for
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(int(sys.argv[3]))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  # the program is named by us, no shell


if __name__ == "__main__":
    main()
