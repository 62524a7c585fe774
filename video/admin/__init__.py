"""The admin of video: what comes in, stream keys, what is kept."""

from video.admin import broadcasts, kept

__all__ = ["broadcasts", "kept"]
