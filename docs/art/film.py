"""Draw a film of the demo: a scene of this folder frame by frame, with its sound.

    python docs/art/film.py night-guitar

Needs Playwright with a Chromium, and FFmpeg from the site's wheel. The picture repeats after ten
seconds, the sound after forty, both without a seam: `giftplatform/demo/films.py` reads them so.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import imageio_ffmpeg
from playwright.sync_api import sync_playwright
from sound import LOOP_S, SOUNDS, write

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "giftplatform" / "demo" / "films"
FPS, LOOP = 30, 10
CHROMIUM = "/usr/bin/chromium"
FFMPEG = (imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error")


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
    """Write the film as the FLV that an encoder would send: a key frame a second, and AAC."""
    picture, sound = folder / "picture.mp4", folder / "sound.m4a"
    frames = ("-framerate", str(FPS), "-i", folder / "%04d.png")
    h264 = ("-c:v", "libx264", "-crf", "25", "-preset", "veryslow", "-tune", "animation")
    keys = ("-g", str(FPS), "-sc_threshold", "0", "-bf", "2", "-x264-params", "open-gop=0")
    pixels = ("-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709:out_range=tv")
    colours = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
    subprocess.run([*FFMPEG, *frames, *h264, *keys, *pixels, *colours, picture], check=True)
    # The middle one of three laps: its first sound already has what came before it.
    laps = ("-stream_loop", "2", "-i", folder / "sound.wav", "-c:a", "aac", "-b:a", "56k")
    subprocess.run([*FFMPEG, *laps, folder / "laps.m4a"], check=True)
    middle = ("-ss", str(LOOP_S), "-i", folder / "laps.m4a", "-t", str(LOOP_S), "-c", "copy")
    subprocess.run([*FFMPEG, *middle, sound], check=True)
    both = ("-i", picture, "-i", sound, "-c", "copy", "-map_metadata", "-1")
    plain = ("-flvflags", "no_duration_filesize", "-fflags", "+bitexact")
    subprocess.run([*FFMPEG, *both, *plain, OUT / f"{name}.flv"], check=True)


def main() -> None:
    """Make the film named on the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else "night-guitar"
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write(SOUNDS[name], Path(folder, "sound.wav"))
        photograph(HERE / f"{name}.html", Path(folder))
        encode(Path(folder), name)


if __name__ == "__main__":
    main()
