"""nginx-rtmp before the ingest: what it asks, and the real one with our configuration.

The questions have the shape that its documentation gives them (Notify).
"""

import base64
import http.client
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from live.streams import services as streams
from live.tests.subscribing import wait_for
from testing.ports import free_port
from video import broadcasts, media_server, stream_keys
from video.elsewhere import services as elsewhere
from video.ingest import gate
from video.models import Broadcast
from video.tests.stage import Ingest, newest, pushing, refused, taking_in

SECRET = "a-secret-of-the-site"  # of this test
MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
needs_nginx = pytest.mark.skipif(
    not (shutil.which("nginx") and MODULE.exists()), reason="nginx with its RTMP module"
)


@pytest.fixture
def secret(settings: Settings) -> str:
    cache.clear()
    settings.MEDIA_SERVER_SECRET = SECRET
    return SECRET


def basic(knowing: str = SECRET) -> str:
    return "Basic " + base64.b64encode(f"nginx:{knowing}".encode()).decode()


def asked(knowing: str = SECRET, **fields: str) -> tuple[int, str]:
    """Return the status and the new name with which a question of nginx-rtmp is answered."""
    form = {
        "app": "live",
        "flashver": "FMLE/3.0",
        "swfurl": "",
        "tcurl": "rtmp://gifts.example.org/live",
        "pageurl": "",
        "addr": "192.0.2.7",
        "clientid": "1",
        "call": "publish",
        "type": "live",
    }
    client = Client(headers={"Authorization": basic(knowing)})
    answer = client.post(
        "/ingest/publish/",
        urlencode(form | fields),
        content_type="application/x-www-form-urlencoded",
    )
    return answer.status_code, answer.headers.get("Location", "")


def test_a_key_is_answered_with_another_name(secret: str, bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    status, name = asked(name=key)
    assert (status, name) == (302, f"relay.{SECRET}.bob.{key[-4:]}")
    assert key not in name
    assert media_server.creator_of(name) == bob


def test_wrong_keys_are_refused_and_make_a_network_wait(secret: str, bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    for wrong in ("", "x" * 5_000, f"relay.{SECRET}.bob.{key[-4:]}", key[:-1], f"{key}\0"):
        assert asked(name=wrong) == (403, "")
    assert gate.MOST_WRONG_KEYS == 5
    assert asked(name=key) == (403, "")
    assert asked(name=key, addr="198.51.100.9")[0] == 302


def test_nobody_else_asks_and_nothing_else_is_answered(
    secret: str, bob: User, settings: Settings
) -> None:
    key = stream_keys.rotate(creator=bob)
    assert asked(knowing="another", name=key) == (404, "")
    assert asked(name=key, call="play") == (403, "")
    settings.MEDIA_SERVER_SECRET = ""
    assert asked(knowing="", name=key) == (404, "")


def test_what_is_wanted_no_more_is_hung_up_on(secret: str, bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    name = asked(name=key)[1]
    update = {"call": "update_publish", "name": name}
    assert asked(**update)[0] == 204
    assert asked(**update | {"call": "update_play"})[0] == 204  # what it passes on itself
    by_key = {"call": "update_publish", "name": key}  # as nginx names the encoder itself
    assert asked(**by_key)[0] == 204
    assert asked(call="update_publish", name=name.replace(SECRET, "x"))[0] == 403

    coming = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    shown = broadcasts.show(broadcast=coming, width=640, height=360)
    assert shown.stream
    elsewhere.show(creator=bob, address="https://youtu.be/dQw4w9WgXcQ")
    assert asked(**update)[0] == 403
    elsewhere.take_away(creator=bob)
    assert asked(**update)[0] == 204

    coming = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    broadcasts.show(broadcast=coming, width=640, height=360)
    streams.end(creator=bob, stream=shown.stream)
    for pk, trouble in broadcasts.beat([coming.pk]).items():
        broadcasts.end(broadcast=Broadcast.objects.get(pk=pk), trouble=trouble)
    assert asked(**update)[0] == 403

    stream_keys.rotate(creator=bob)
    streams.go_live(creator=bob, title="Again")
    assert (asked(**update)[0], asked(**by_key)[0]) == (403, 403)


# --- The real one ---------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, format: str, *args: object) -> None:  # its own name
        pass


@contextmanager
def answering() -> Iterator[int]:
    """Serve the site on a port of its own, as granian does."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)

    def serve() -> None:
        server.serve_forever(0.05)
        connections.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    # Its first answer takes a second: all of the site is read.
    warm = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    warm.request("GET", "/healthz")
    warm.getresponse()
    warm.close()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()


def configured(folder: Path, site: int, ingests: list[int]) -> tuple[Path, int]:
    """Write our configuration with ports that are free here; return it, and its port for RTMP."""
    text = (site_settings.BASE_DIR / "deploy/ingest/nginx.conf").read_text()
    port = free_port()
    changed = {
        r"listen 1935;": f"listen 127.0.0.1:{port};",
        r"127\.0\.0\.1:1930": f"127.0.0.1:{free_port()}",
        r"127\.0\.0\.1:1936": f"127.0.0.1:{free_port()}",
        r"127\.0\.0\.1:8001": f"127.0.0.1:{site}",
        r"127\.0\.0\.1:1941": f"127.0.0.1:{ingests[0]}",
        r"127\.0\.0\.1:1942": f"127.0.0.1:{ingests[1]}",
        r"gifts\.example\.org": "localhost",
        r"Basic BASIC": basic(),
        r"notify_update_timeout 10s": "notify_update_timeout 2s",
        r"/run/": f"{folder}/",
        r"/var/log/nginx/": f"{folder}/",
        r"user www-data;": "",
        r"http \{": "http {\n"
        + "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
    }
    for pattern, by in changed.items():
        text, times = re.subn(pattern, by, text)
        assert times, pattern
    config = folder / "nginx.conf"
    config.write_text(text)
    return config, port


@contextmanager
def nginx(folder: Path, site: int, ingests: list[int]) -> Iterator[str]:
    """Run nginx before the ingests; return where encoders push to."""
    config, port = configured(folder, site, ingests)
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(config), "-g", "daemon off;"],
        stderr=subprocess.PIPE,
    )
    try:
        wait_for((folder / "giftplatform-ingest-nginx.pid").exists)
        yield f"rtmp://127.0.0.1:{port}/live"
    finally:
        process.terminate()
        process.communicate(timeout=30)


@needs_nginx
def test_nginx_asks_renames_passes_on_and_hangs_up(
    secret: str, ingest: Ingest, key: str, streamer: User, tmp_path: Path
) -> None:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        taking_in() as other,
        answering() as site,
        nginx(folder, site, [ingest.port, other.port]) as front,
    ):
        assert refused(f"{front}/{key[:-1]}")
        with pushing(f"{front}/{key}", seconds=600) as encoder:
            first = newest("live")
            # The ingest that has it goes; the encoder notices nothing.
            has_it = ingest if first.pk in ingest.desk.intakes else other
            has_it.stop()

            def is_back() -> bool:
                now = Broadcast.objects.incoming().filter(state="live").exclude(pk=first.pk)
                return now.filter(stream=first.stream).exists()

            wait_for(is_back)
            assert encoder.poll() is None
            # Its key is replaced: nginx hangs up on the encoder itself.
            stream_keys.rotate(creator=streamer)
            assert encoder.wait(60) != 0
        assert refused(f"{front}/{key}")
    logs = "".join(file.read_text() for file in folder.glob("*.log"))
    assert key not in logs
    assert SECRET not in logs
