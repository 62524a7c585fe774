"""The stand-in as an HTTP server: the API under /v1/, the pay page and a small dashboard."""

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from stripe_standin import pages
from stripe_standin.account import Account
from stripe_standin.deliveries import Deliveries
from stripe_standin.errors import Refusal
from stripe_standin.faults import Fault, Faults, Kind
from stripe_standin.forms import nested, parts
from stripe_standin.operations import expanded, operation, public, refuse_deep, refuse_version
from stripe_standin.store import Store, Thing, new_id

LARGEST_BODY = 8_000_000
DELIVER_EVERY_S = 0.5


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, for whoever wants to hold them against the description."""

    method: str
    form: str
    params: Thing
    status: int
    body: Thing


class Standin(ThreadingHTTPServer):
    """A server on a port of this machine; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        *,
        port: int = 0,
        path: str = ":memory:",
        key: str = "sk_test_standin",
        secrets: list[str] | None = None,
        webhooks: str = "",
        public_url: str = "",
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url = public_url or f"http://localhost:{self.server_port}"
        self.store = Store(path)
        self.account = Account(self.store, f"{self.url}/pay/")
        self.deliveries = Deliveries(self.store, secrets or ["whsec_standin"], webhooks)
        self.faults = Faults()
        self.key = key
        self.told: Callable[[Exchange], None] = lambda _exchange: None
        self.stopped = threading.Event()

    def start(self) -> "Standin":
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, daemon=True, args=(0.05,)).start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self.stopped.set()
        self.faults.clear()
        self.shutdown()
        self.server_close()

    def work(self) -> None:
        """Deliver webhooks and let sessions expire, until stopped."""
        while not self.stopped.wait(DELIVER_EVERY_S):
            with self.store.transaction():
                self.account.expire_due()
                pages.end_due(self.account)
            if self.deliveries.address:
                self.deliveries.deliver()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who hang up; everything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@dataclass
class Answer:
    """A status, a body, and more headers."""

    status: int
    body: Thing
    headers: dict[str, str] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    """Reads one request, suffers what was ordered for it, answers."""

    server: Standin
    protocol_version = "HTTP/1.1"
    # Head and body leave together: sent one by one, the second waits 40 ms to be acknowledged.
    wbufsize = -1

    def do_GET(self) -> None:  # the name that the library calls
        """Answer a GET."""
        self.handle_any("GET", b"")

    def do_POST(self) -> None:  # the name that the library calls
        """Answer a POST."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            return
        self.handle_any("POST", self.rfile.read(length))

    def do_DELETE(self) -> None:  # the name that the library calls
        """Answer a DELETE."""
        self.handle_any("DELETE", b"")

    def handle_any(self, method: str, body: bytes) -> None:
        """Answer the API or a page."""
        path = urlsplit(self.path).path
        if not path.startswith("/v1/"):
            pages.serve(self, method, path, nested(body.decode()))
            return
        fault = self.server.faults.next_for(method, path)
        answer = self.before(fault)
        if answer is None and not self.close_connection:
            answer = self.api(method, path, body)
        if fault and fault.kind is Kind.DROP_AFTER:
            self.close_connection = True
        if answer and not self.close_connection:
            answer.headers |= {"Request-Id": new_id("req")}
            self.send(answer.status, json.dumps(answer.body).encode(), **answer.headers)

    def before(self, fault: Fault | None) -> Answer | None:
        """Suffer what happens before the request is worked on; an answer ends it."""
        match fault and fault.kind:
            case Kind.ERROR_500:
                said = {"error": {"type": "api_error", "message": "Something went wrong."}}
                return Answer(500, said)
            case Kind.ERROR_429:
                said = {"error": {"type": "invalid_request_error", "code": "rate_limit"}}
                return Answer(429, said)
            case Kind.DROP_BEFORE:
                self.close_connection = True
            case Kind.SLOW:
                time.sleep(fault.seconds if fault else 0)
            case Kind.PAUSED:
                self.server.faults.goes.wait()
        return None

    def api(self, method: str, path: str, body: bytes) -> Answer:
        """Work on a request to the API, once per idempotency key."""
        params = self.params(body)
        key = self.headers.get("Idempotency-Key") if method == "POST" else None
        digest = hashlib.sha256(f"{path} {body!r}".encode()).hexdigest()
        if "multipart" in self.headers.get("Content-Type", ""):
            digest = path  # its boundary is another one each time
        with self.server.store.transaction():
            earlier = self.server.store.answered(key) if key else None
            if earlier and earlier[0] != digest:
                said = "Keys for idempotent requests can only be used with the same parameters."
                return Answer(400, Refusal(said, kind="idempotency_error").body)
            if earlier:
                return Answer(earlier[1], earlier[2], {"Idempotent-Replayed": "true"})
            form, answer = self.worked(method, path, params)
            if key and "param" not in answer.body.get("error", {}):
                self.server.store.remember(key, digest, answer.status, answer.body)
        self.server.told(Exchange(method, form, params, answer.status, answer.body))
        return answer

    def params(self, body: bytes) -> Thing:
        """Return the parameters of the address and the body."""
        kind = self.headers.get("Content-Type", "")
        sent = parts(kind, body) if kind.startswith("multipart/") else nested(body.decode())
        return nested(urlsplit(self.path).query) | sent

    def worked(self, method: str, path: str, params: Thing) -> tuple[str, Answer]:
        """Return the path's form and the answer of the operation, a refusal too."""
        account = self.server.account
        form = path
        try:
            if self.headers.get("Authorization") != f"Bearer {self.server.key}":
                raise Refusal("Invalid API Key provided.", status=401)
            refuse_version(self.headers.get("Stripe-Version"))
            refuse_deep(params.get("expand", []))
            does, name, form = operation(method, path)
            thing = does(account, params, name)
        except Refusal as refusal:
            return form, Answer(refusal.status, refusal.body)
        for wish in params.get("expand", []):
            thing = expanded(account, thing, wish.split("."))
        return form, Answer(200, public(thing))

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send an answer; JSON unless the headers say otherwise."""
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
