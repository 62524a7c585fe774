"""The names that the adapter takes from uvicorn's insides, for the version it was read in."""

from importlib.metadata import version
from inspect import getsource

from uvicorn.protocols.http import httptools_impl

READ_IN = "0.54.0"


def test_uvicorn_is_the_version_whose_insides_were_read() -> None:
    assert version("uvicorn") == READ_IN, (
        "Read uvicorn/protocols/http/httptools_impl.py again. `RequestResponseCycle` must still "
        "have `chunked_encoding`, `transport` and `disconnected` and its `send` be what the app is "
        "given; the protocol's `connections` must still hold what the server waits for at its end. "
        "Then run live/tests/test_hub.py, live/tests/test_stuck.py and `make bench-live`, and set "
        "READ_IN."
    )


def test_the_names_are_still_there() -> None:
    cycle = getsource(httptools_impl.RequestResponseCycle)
    for name in ("self.chunked_encoding", "self.transport", "self.disconnected"):
        assert name in cycle
    assert "self.connections" in getsource(httptools_impl.HttpToolsProtocol)
