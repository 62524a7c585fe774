"""The site's rows, for the loop that takes video in: asked in a thread beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")


class Site:
    """One thread with one database connection."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1, thread_name_prefix="site")

    async def ask(self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what one of the site's functions returns."""
        asked = partial(_with_connection, question, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.threads, asked)

    def close(self) -> None:
        """Let the thread and its connection go."""
        self.threads.submit(connections.close_all)
        self.threads.shutdown()


def _with_connection(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()
