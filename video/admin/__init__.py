"""The admin of video: what comes in and from elsewhere, stream keys, what is kept."""

from video.admin import broadcasts, elsewhere, kept

__all__ = ["broadcasts", "elsewhere", "kept"]
