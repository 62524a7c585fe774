"""A guest's camera over its real socket, beside the creator's."""

from accounts.models import User
from conftest import person
from live.guests import hosting
from live.models import Guest, Stream
from live.streams import services as streams
from live.tests.guests import open_to, seated
from live.tests.subscribing import wait_for
from video import camera_tokens
from video.models import Broadcast
from video.tests.camera_page import H264_TYPE, OPUS, hello, page, signed_in
from video.tests.stage import H264, fetch


def guest_hello(user: User, guest: Guest) -> dict[str, str]:
    token = camera_tokens.token_of(user, signed_in(user), guest=guest)
    return {"token": token, "type": H264_TYPE}


def of_guest(guest: Guest, state: str) -> Broadcast:
    found: list[Broadcast] = []

    def there() -> bool:
        found[:] = Broadcast.objects.filter(guest=guest, state=state)
        return bool(found)

    wait_for(there)
    return found[0]


def test_both_are_shown_and_who_is_taken_off_is_told(port: int, streamer: User) -> None:
    alice = person("alice")
    stream = streams.go_live(creator=streamer, title="Night songs")
    open_to(streamer)
    guest = seated(stream, alice)
    with page(port, hello(streamer)) as mine, page(port, guest_hello(alice, guest)) as theirs:
        for sending in (mine, theirs):
            sending.hears("ready")
            sending.record(*H264, *OPUS)
        for sending in (mine, theirs):
            sending.hears("live")
        shown = of_guest(guest, "live")
        assert b"s00000000.m4s" in fetch(shown.address).body
        hosting.remove(by=streamer, stream=stream, guest=guest)
        assert theirs.hears("over")["code"] == "guest_removed"
        of_guest(guest, "ended")
        own = Broadcast.objects.own().get()
        assert own.state == "live"
    with page(port, guest_hello(alice, guest)) as again:
        assert again.hears("over")["code"] == "not_a_guest"


def test_a_guests_token_is_for_one_time_and_opens_no_other_room(port: int, streamer: User) -> None:
    alice, carol = person("alice"), person("carol")
    stream = streams.go_live(creator=streamer, title="Night songs")
    open_to(streamer)
    guest = seated(stream, alice)
    stolen = camera_tokens.token_of(carol, signed_in(carol), guest=guest)
    for token in (stolen, camera_tokens.token_of(alice, signed_in(alice))):
        with page(port, {"token": token, "type": H264_TYPE}) as sending:
            assert sending.hears("over")["code"] == "bad_token"
    assert not Broadcast.objects.exists()
    assert Stream.objects.count() == 1
