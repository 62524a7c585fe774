"""A creator who sends by an encoder: their stream key, their room, the end of their stream."""

from playwright.sync_api import Page

from e2e.site import Site

KEY = """from accounts.models import Creator
from conftest import person
from video import stream_keys
creator = person("{handle}", is_creator=True)
Creator.objects.create(user=creator)
print(stream_keys.rotate(creator=creator))"""
ROOM = """from live.models import Stream
stream = Stream.objects.filter(creator__handle="{handle}").first()
print(stream.public_id if stream else "")"""
END = """from live.models import Stream
from live.streams.services import end
stream = Stream.objects.get(creator__handle="{handle}")
end(creator=stream.creator, stream=stream)"""


def address_for(site: Site, handle: str) -> str:
    """Return where a new creator's encoder sends to."""
    key = site.shell(KEY.format(handle=handle)).split()[-1]
    return f"rtmp://127.0.0.1:{site.rtmp_port}/live/{key}"


def room_of(site: Site, page: Page, handle: str) -> str:
    """Return the address of a creator's room, which goes on air by itself."""
    for _ in range(100):
        if found := site.shell(ROOM.format(handle=handle)).strip():
            return f"/live/{found}/"
        page.wait_for_timeout(500)
    raise AssertionError("No stream went on air.")


def end_stream(site: Site, handle: str) -> None:
    """End a creator's stream, as the button in the studio does."""
    site.shell(END.format(handle=handle))
