"""Servers of other people, under names of their own: HLS that goes on, and a page for frames.

One process here speaks for all of them, over TLS; a browser is told where their names are.
"""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from video.tests.stage import AAC, H264, SOUND, SOURCE

PAGE = b"<!doctype html><title>Cast</title><h1>A page of the other server</h1>"


class OtherServer:
    """What was asked of it, and where it is."""

    def __init__(self, port: int, asked: list[tuple[str, str]]) -> None:
        self.port, self.asked = port, asked

    def asked_of(self, host: str) -> list[str]:
        """Return the paths that were fetched under this name."""
        return [path for name, path in list(self.asked) if name == host]

    def flags(self, *hosts: str) -> list[str]:
        """Return the flags of a browser that knows it by these names."""
        rules = ", ".join(f"MAP {host}:443 127.0.0.1:{self.port}" for host in hosts)
        return [f"--host-resolver-rules={rules}", "--ignore-certificate-errors"]


@contextmanager
def other_server(folder: Path) -> Iterator[OtherServer]:
    """Run it, with a live stream at /live/index.m3u8."""
    (folder / "live").mkdir(parents=True)
    asked: list[tuple[str, str]] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def do_GET(self) -> None:
            asked.append((self.headers["Host"], self.path))
            if self.path.startswith("/embed/video"):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(PAGE)
            else:
                super().do_GET()

        def end_headers(self) -> None:
            self.send_header("Access-Control-Allow-Origin", "*")
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:  # its own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = _context(folder).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sending = _streaming(folder / "live")
    try:
        yield OtherServer(server.server_port, asked)
    finally:
        sending.kill()
        sending.wait()
        server.shutdown()
        server.server_close()


def _streaming(folder: Path) -> subprocess.Popen[bytes]:
    words = ("-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_flags", "delete_segments")
    return subprocess.Popen(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-re", *SOURCE, "-re", *SOUND),
            *(*H264, *AAC, *words, str(folder / "index.m3u8")),
        ],
        stdin=subprocess.DEVNULL,
    )


def _context(folder: Path) -> ssl.SSLContext:
    """Return TLS with a certificate that was made a moment ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "other.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
