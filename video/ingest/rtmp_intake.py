"""What an encoder sends over RTMP, message by message, as the FLV that FFmpeg reads."""

from video.ingest.intake import Intake
from video.ingest.meters import MediaClock, TooFast
from video.ingest.recipes import FLV
from video.ingest.rtmp.chunks import Message
from video.ingest.rtmp.flv import HEADER, Tag, kind_of, tag
from video.ingest.rtmp.refusals import BadMessage
from video.ingest.site import Site
from video.models import Broadcast
from video.troubles import Trouble


class RtmpIntake(Intake):
    """Lets H.264 and AAC through, from the first picture on that others can build on."""

    def __init__(self, site: Site, broadcast: Broadcast) -> None:
        super().__init__(site, broadcast, FLV)
        self.clock = MediaClock()

    async def start(self) -> None:
        """Start the packager, and tell it what comes."""
        await super().start()
        await self.give(HEADER)

    async def take(self, message: Message) -> None:
        """Pass a message on. Raises `BadMessage` when the broadcast must end."""
        if self.trouble:
            raise BadMessage(self.trouble.code)
        kind = kind_of(message)
        if kind is Tag.FOREIGN:
            return self.stop(Trouble.UNREADABLE)
        if kind is Tag.KEY:
            self.pictured = True
        if kind is Tag.NOTHING or (kind is Tag.MEDIA and not self.pictured):
            return
        try:
            waits = kind is Tag.SETUP and self.clock.began is None
            at = 0 if waits else self.clock.at(message.time_ms)
        except TooFast:
            return self.stop(Trouble.TOO_FAST)
        await self.give(tag(message, at))
