"""A relay between browser and site whose lines can die: they stay open and nothing comes."""

import selectors
import socket
import threading
from urllib.parse import urlsplit


class Relay:
    """Passes bytes on, both ways.

    Between `die()` and `heal()` event streams get nothing; those of that time never do again.
    """

    def __init__(self, site: str) -> None:
        self.site = ("127.0.0.1", urlsplit(site).port)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listening.getsockname()[1]}"
        self._streams: list[threading.Event] = []
        self._dead = False
        threading.Thread(target=self._accept, daemon=True).start()

    def die(self) -> None:
        """Let event streams say nothing more, those that are open and those to come."""
        self._dead = True
        for stream in self._streams:
            stream.set()

    def heal(self) -> None:
        """Pass on what new event streams say."""
        self._dead = False

    def close(self) -> None:
        """Take no more connections."""
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(browser,), daemon=True).start()

    def _pass_on(self, browser: socket.socket) -> None:
        silent = threading.Event()
        with browser, socket.create_connection(self.site) as site, selectors.DefaultSelector() as s:
            s.register(browser, selectors.EVENT_READ, (browser, site))
            s.register(site, selectors.EVENT_READ, (site, browser))
            while True:
                for key, _ in s.select():
                    one, other = key.data
                    try:
                        data = one.recv(65_536)
                        if one is browser and data.startswith(b"GET /live/events/"):
                            self._streams.append(silent)
                            if self._dead:
                                silent.set()
                        if not data:
                            return
                        if one is browser or not silent.is_set():
                            other.sendall(data)
                    except OSError:
                        return
