"""The duration of a run, and its ten slowest tests."""

import time
from collections import defaultdict

import pytest

MANY = 100  # a run of fewer tests needs no summary


class Times:
    """Adds up each test's making ready, its run and its clearing away."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one part of a test, from any process."""
        self.seconds[report.nodeid.partition("@")[0]] += report.duration

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the ten slowest tests and say how long all took."""
        if len(self.seconds) < MANY:
            return
        terminalreporter.section("the ten slowest tests")
        slowest = sorted(self.seconds.items(), key=lambda one: -one[1])[:10]
        for nodeid, seconds in slowest:
            terminalreporter.line(f"{seconds:6.1f} s  {nodeid}")
        took = round(time.monotonic() - self.began)
        terminalreporter.line(f"All tests: {took // 60} min {took % 60} s.")
