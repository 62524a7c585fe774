"""The port that encoders connect to."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter

from django.conf import settings

from foundation.errors import DomainError
from video import broadcasts, media_server
from video.ingest.desk import Desk
from video.ingest.gate import Gate, network_of
from video.ingest.intake import NO_DATABASE, Intake
from video.ingest.rtmp.connection import Connection, Refused
from video.ingest.rtmp_intake import RtmpIntake
from video.models import Broadcast

log = logging.getLogger(__name__)

LARGEST_BUFFER = 256 * 1024
GOODBYE_S = 5


class Server:
    """Lets encoders in by their key."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.gate = desk, Gate()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Open the port. Raises `OSError` when another program has it."""
        return await asyncio.start_server(self.serve, host, port, limit=LARGEST_BUFFER)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection to its end."""
        network = network_of((writer.get_extra_info("peername") or [""])[0])
        many = bool(settings.MEDIA_SERVER_SECRET) and network == network_of("127.0.0.1")
        if not self.gate.enter(network, many=many):
            return writer.transport.abort()

        async def admit(key: str) -> RtmpIntake:
            intake = await self._admit(key, network)
            watcher.append(asyncio.create_task(_hang_up(intake, writer)))
            return intake

        watcher: list[asyncio.Task[None]] = []
        try:
            await Connection(reader, writer, admit).serve()
        except asyncio.CancelledError:
            pass  # the process ends; the loop would complain about a handler that was cut off
        except Exception:
            log.exception("A connection of an encoder failed.")
        finally:
            self.gate.leave(network)
            for task in watcher:
                task.cancel()
            writer.close()

    async def _admit(self, key: str, network: str) -> RtmpIntake:
        """Return the intake for the key's creator. Raises `Refused`."""
        if self.gate.is_guessing(network):
            raise Refused("Too many wrong keys. Wait a minute.")
        if trouble := self.desk.refuses():
            raise Refused(str(trouble.sentence))
        try:
            creator = await self.desk.site.ask(media_server.creator_of, key)
            if creator is None:
                # It speaks for many: what is over for one of them keeps out nobody else.
                if not media_server.passes_on(key):
                    self.gate.wrong_key(network)
                raise Refused("This stream key is wrong.")
            broadcast = await self.desk.site.ask(
                broadcasts.connect, creator=creator, source=Broadcast.Source.RTMP
            )
        except DomainError as refused:
            raise Refused(refused.detail) from refused
        except NO_DATABASE as error:
            log.warning("The database does not answer; an encoder was refused.")
            raise Refused("The site is busy. Try again in a minute.") from error
        intake = RtmpIntake(self.desk.site, broadcast)
        await self.desk.take_in(intake)
        return intake


async def _hang_up(intake: Intake, writer: StreamWriter) -> None:
    """Close the connection of an encoder whose broadcast must end, also while it says nothing."""
    await intake.stopped.wait()
    writer.close()


async def run(desk: Desk) -> None:
    """Listen for ever; wait while another program has the port."""
    host, port = settings.RTMP_HOST, settings.RTMP_PORT
    told = False
    while True:
        try:
            server = await Server(desk).listen(host, port)
            break
        except OSError as error:
            if not told:
                log.warning(
                    "Nobody can go live with OBS: port %s is taken (%s). "
                    "Name another one in RTMP_PORT. Trying again every %s seconds.",
                    *(port, error.strerror, GOODBYE_S),
                )
            told = True
            await asyncio.sleep(GOODBYE_S)
    async with server:
        await server.serve_forever()
