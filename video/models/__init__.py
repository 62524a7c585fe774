"""The tables of video: stream keys, broadcasts, and what is kept of them."""

from video.models.broadcasts import Broadcast, StreamKey, new_folder
from video.models.clips import Clip
from video.models.replays import Replay, VideoRules

__all__ = ["Broadcast", "Clip", "Replay", "StreamKey", "VideoRules", "new_folder"]
