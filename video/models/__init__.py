"""The tables of video: stream keys, broadcasts, what is kept of them, what comes from elsewhere."""

from video.models.broadcasts import Broadcast, StreamKey, new_folder
from video.models.clips import Clip
from video.models.elsewhere import Elsewhere
from video.models.replays import Replay, VideoRules

__all__ = ["Broadcast", "Clip", "Elsewhere", "Replay", "StreamKey", "VideoRules", "new_folder"]
