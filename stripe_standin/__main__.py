"""`python -m stripe_standin`: the stand-in on a port, with its state in a file."""

import argparse
import signal
import threading

from stripe_standin.server import Standin


def main() -> None:
    """Serve until asked to stop."""
    asked = argparse.ArgumentParser(prog="stripe_standin", description=__doc__)
    asked.add_argument("--port", type=int, default=8100)
    asked.add_argument("--path", default=":memory:", help="the file that keeps its state")
    asked.add_argument("--key", default="sk_test_standin")
    asked.add_argument("--secret", action="append", help="signs webhooks; up to two")
    asked.add_argument("--webhooks", default="", help="where webhooks go")
    wish = asked.parse_args()
    standin = Standin(
        port=wish.port, path=wish.path, key=wish.key, secrets=wish.secret, webhooks=wish.webhooks
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: standin.stopped.set())
    standin.start()
    worker = threading.Thread(target=standin.work, daemon=True)
    worker.start()
    standin.stopped.wait()
    standin.stop()


if __name__ == "__main__":
    main()
