"""What may come in, by its form, and what FFmpeg makes of it: H.264 is copied, VP8 is not."""

from typing import NamedTuple

COPIED = ("-c:v", "copy")
TO_AAC = ("-c:a", "aac", "-b:a", "128k")
DRAWN = (
    *("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"),
    *("-b:v", "2000k", "-maxrate", "2500k", "-bufsize", "2500k", "-r", "30"),
    *("-vf", "scale=w='min(1280,iw)':h=-2", "-force_key_frames", "expr:gte(t,n_forced)"),
)


class Recipe(NamedTuple):
    """A form of video: its container, the codecs in it, and how they become H.264 and AAC."""

    form: str
    codecs: str
    output: tuple[str, ...]
    memory_mb: int = 512  # a copying FFmpeg lives in 250


FLV = Recipe("flv", "h264,aac", (*COPIED, "-c:a", "copy"))
MATROSKA = Recipe("matroska", "h264,opus", (*COPIED, *TO_AAC))
MP4 = Recipe("mov", "h264,opus,aac", (*COPIED, *TO_AAC))
WEBM = Recipe("matroska", "vp8,vp9,opus", (*DRAWN, *TO_AAC), memory_mb=1_500)
