"""Photograph a scene of this folder frame by frame and encode it as the sample clip.

    python docs/art/film.py [sample]

Needs Playwright with a Chromium, and ffmpeg. The clip loops without a seam.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "live" / "static" / "live"
FPS, LOOP = 30, 10
CHROMIUM = "/usr/bin/chromium"


def photograph(scene: Path, folder: Path) -> None:
    """Save every frame of one loop of the scene as a PNG."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(scene.as_uri())
        for number in range(FPS * LOOP):
            page.evaluate("t => draw(t)", number / FPS)
            page.screenshot(path=folder / f"{number:04}.png")
        browser.close()


def encode(folder: Path, name: str) -> None:
    """Write the WebM, the MP4 and the poster of the photographed frames."""
    frames = ["ffmpeg", "-y", "-loglevel", "error", "-framerate", str(FPS)]
    frames += ["-i", str(folder / "%04d.png"), "-an"]
    vp9 = ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "30", "-row-mt", "1", "-cpu-used", "2"]
    h264 = ["-c:v", "libx264", "-crf", "22", "-preset", "slow", "-tune", "animation"]
    pixels = ["-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709:out_range=tv"]
    colours = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    subprocess.run([*frames, *pixels, *colours, *vp9, OUT / f"{name}.webm"], check=True)
    subprocess.run(
        [*frames, *pixels, *colours, *h264, "-movflags", "+faststart", OUT / f"{name}.mp4"],
        check=True,
    )
    still = ["ffmpeg", "-y", "-loglevel", "error", "-i", str(folder / "0000.png")]
    subprocess.run([*still, "-quality", "82", OUT / f"{name}.webp"], check=True)


def main() -> None:
    """Make the clip named on the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else "sample"
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        photograph(HERE / f"{name}.html", Path(folder))
        encode(Path(folder), name)


if __name__ == "__main__":
    main()
