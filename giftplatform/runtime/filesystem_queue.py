"""The queue in a folder, without a Redis: a message appears whole or not at all."""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class AtomicMessages(filesystem.Channel):
    """Write each message beside the queue and rename it into place.

    Kombu writes into the file that the worker already sees; a worker that looks in between reads
    half a message and ends with `JSONDecodeError`.
    """

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # as kombu
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out) / name
        part = whole.with_name(f"{name}.part")
        part.write_bytes(str_to_bytes(dumps(payload)))
        part.replace(whole)


filesystem.Transport.Channel = AtomicMessages
