"""The figures of one stream: how late, how soon, how dear, and back after a cut."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import imageio_ffmpeg
import psutil
from playwright.sync_api import Page, Playwright

from benchmarks.live.listeners import percentile
from benchmarks.video import people
from benchmarks.video.plan import BITS, CPU_SECONDS, CUT_S, HEIGHT, RATE, ROUNDS, SECONDS, WIDTH
from e2e.site import Site

Figures = dict[str, list[float]]
SETTLE_S = 5.0
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
KEY = """
from conftest import person
from accounts.models import User
from video import stream_keys
ola = User.objects.filter(handle="ola").first() or person("ola", is_creator=True)
print(stream_keys.rotate(creator=ola))
"""


def camera(play: Playwright, site: Site) -> Figures:
    """Return the figures of the browser's camera."""
    figures: Figures = {}
    idle = _share(_web(site))
    line = people.Line(site.port)
    with people.browser(play) as theirs, people.browser(play) as fans:
        room = people.planned(site)
        studio = people.camera_page(theirs, line.url)
        people.go_live(studio)
        studio.get_by_role("status").filter(has_text="You are live.").wait_for()
        time.sleep(SETTLE_S)
        figures["CPU, browser"] = [100 * (_share(_web(site)) - idle)]
        fan = people.room_page(fans, site.url, room)
        people.picture_drawn_after(fan, time.time() * 1_000)
        time.sleep(SETTLE_S)  # until it has caught up
        began = time.time() * 1_000
        time.sleep(SECONDS)
        late = sorted(shown - drawn for shown, drawn in people.pictures(fan) if shown > began)
        figures["glass to glass, p50"] = [percentile(late, 0.5) / 1_000]
        figures["glass to glass, p95"] = [percentile(late, 0.95) / 1_000]
        figures["glass to glass, pictures"] = [len(late)]
        figures["back after a cut"] = [_back(line, fan) for _ in range(ROUNDS)]
    return figures


def _back(line: people.Line, fan: Page) -> float:
    line.cut()
    time.sleep(CUT_S)
    line.mend()
    mended = time.time() * 1_000
    back = (people.picture_drawn_after(fan, mended) - mended) / 1_000
    time.sleep(SETTLE_S)
    return back


def first_pictures(play: Playwright, site: Site) -> Figures:
    """Return how soon fans who wait in the room see their creator."""
    took = []
    for _ in range(ROUNDS):
        with people.browser(play) as theirs, people.browser(play) as fans:
            room = people.planned(site)
            studio = people.camera_page(theirs, site.url)
            fan = people.room_page(fans, site.url, room)
            time.sleep(SETTLE_S)
            pressed = people.go_live(studio)
            took.append((people.picture_drawn_after(fan, pressed) - pressed) / 1_000)
    return {"first picture": took}


def encoder(site: Site, name: str = "CPU, RTMP") -> Figures:
    """Return what a stream by RTMP costs, under this name."""
    ingest = _child(site, "ingest")
    idle = _share(ingest)
    key = site.shell(KEY).split()[-1]
    with pushing(reel(site.folder), site.rtmp_port, key):
        time.sleep(SETTLE_S)
        return {name: [100 * (_share(ingest) - idle)]}


def reel(folder: Path) -> Path:
    """Return what an encoder sends, encoded once: the pushing costs nobody's time."""
    file = folder / "reel.flv"
    if not file.exists():
        source = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE},noise=alls=20:allf=t"
        h264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", str(RATE), "-pix_fmt", "yuv420p")
        rate = ("-b:v", str(BITS), "-maxrate", str(BITS), "-bufsize", str(BITS))
        sound = ("-f", "lavfi", "-i", "sine=frequency=220", "-c:a", "aac", "-b:a", "128k")
        words = ["-loglevel", "error", "-f", "lavfi", "-i", source, *sound, *h264, *rate]
        subprocess.run([FFMPEG, *words, "-t", "20", file], check=True)
    return file


@contextmanager
def pushing(file: Path, port: int, key: str) -> Iterator[None]:
    """Push the reel over and over, as it is."""
    words = ["-loglevel", "error", "-re", "-stream_loop", "-1", "-i", str(file), "-c", "copy"]
    url = f"rtmp://127.0.0.1:{port}/live/{key}"
    process = subprocess.Popen([FFMPEG, *words, "-f", "flv", url], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _web(site: Site) -> psutil.Process:
    return psutil.Process(site.web_processes()[0])


def _child(site: Site, word: str) -> psutil.Process:
    assert site.process
    everybody = psutil.Process(site.process.pid).children(recursive=True)
    return next(one for one in everybody if word in one.cmdline())


def _share(process: psutil.Process) -> float:
    """Return the share of a core that a process and its children take."""
    before, began = _used(process), time.monotonic()
    time.sleep(CPU_SECONDS)
    return (_used(process) - before) / (time.monotonic() - began)


def _used(process: psutil.Process) -> float:
    """Return the seconds of a process and of its children, also of those that have ended."""
    times = process.cpu_times()
    used = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        times = child.cpu_times()
        used += times.user + times.system
    return float(used)
