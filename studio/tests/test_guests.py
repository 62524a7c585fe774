"""Guests on the pages: the room's door, the guest's own page, the console, the admin."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from live.chat.messages import say
from live.guests import asking, hosting
from live.models import Guest, Stream
from live.moderation import moderators
from live.streams import services as streams
from live.tests.guests import open_to, seated
from testing.browsers import signed_in
from video import camera_tokens

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def room(stream: Stream) -> str:
    return f"/live/{stream.public_id}/"


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_door_stands_there_for_who_may_ask(bob: User, alice: User, stream: Stream) -> None:
    fan = signed_in(alice)
    door = re.compile(r"data-guest-ask( hidden)?>")
    assert door.search(read(fan, room(stream)))[1]  # type: ignore[index]  # it is there
    open_to(bob)
    assert not door.search(read(fan, room(stream)))[1]  # type: ignore[index]  # it is there
    assert "data-guest-ask" not in read(signed_in(bob), room(stream))


def test_who_has_not_signed_in_finds_the_door_and_signs_in_first(bob: User, stream: Stream) -> None:
    link = re.compile(r'<a [^>]*href="([^"]*)" data-guest-ask( hidden)?>')
    assert link.search(read(Client(), room(stream)))[2]  # type: ignore[index]  # it is there
    open_to(bob)
    found = link.search(read(Client(), room(stream)))
    assert found
    assert (found[1], found[2]) == (f"/account/login/?next={room(stream)}", None)


def test_a_fan_asks_cancels_and_comes_in(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    fan = signed_in(alice)
    asked = fan.post(f"{room(stream)}guest/ask/", headers=HTMX).content.decode()
    assert "You asked to join." in asked
    assert "You asked to join." in read(fan, room(stream))
    assert (
        "data-guest-ask" in fan.post(f"{room(stream)}guest/leave/", headers=HTMX).content.decode()
    )
    plain = fan.post(f"{room(stream)}guest/ask/")
    assert (plain.status_code, plain["Location"]) == (302, room(stream))
    page = fan.get(f"{room(stream)}guest/")
    assert (page.status_code, page["Location"]) == (302, room(stream))  # not yet
    guest = stream.guests.open().get()
    hosting.admit(creator=bob, stream=stream, guest=guest)
    assert "My camera" in fan.get(f"{room(stream)}guest/door/", headers=HTMX).content.decode()
    own = read(fan, f"{room(stream)}guest/")
    token = re.search(r'data-token="([^"]+)"', own)
    assert token
    sender = camera_tokens.sender_of(token[1])
    assert sender
    assert (sender.user, sender.guest) == (alice, guest)
    fan.post(f"{room(stream)}guest/end/")
    assert not stream.guests.open().exists()


def test_an_invitation_is_found_and_accepted(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob, "invited")
    creator, fan = signed_in(bob), signed_in(alice)
    address = f"{room(stream)}guests/invite/"
    part = creator.post(address, {"handle": "@Alice"}, headers=HTMX).content.decode()
    assert "invited" in part
    assert "Bob invites you" in read(fan, room(stream))
    joined = fan.post(f"{room(stream)}guest/join/")
    assert joined["Location"] == f"{room(stream)}guest/"
    assert "1 of 4 on" in read(creator, "/studio/live/")
    wrong = creator.post(address, {"handle": "nobody_here"}, headers=HTMX)
    assert wrong["X-Error-Code"] == "no_such_person"


def test_who_was_refused_or_taken_off_reads_it(
    bob: User, alice: User, dana: User, stream: Stream
) -> None:
    open_to(bob)
    fan = signed_in(alice)
    asked = asking.ask(user=alice, stream=stream)
    hosting.refuse(creator=bob, stream=stream, guest=asked)
    assert "take you now." in read(fan, room(stream))
    guest = seated(stream, alice)
    hosting.remove_for_staff(by=dana, guest=guest, reason="A weapon.")
    assert "You were taken off the stream. A weapon." in read(fan, room(stream))


def test_the_console_decides(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    creator = signed_in(bob)
    asking.ask(user=alice, stream=stream)
    guest = stream.guests.get()
    assert "asks to join" in read(creator, "/studio/live/")

    def press(what: str) -> str:
        address = f"{room(stream)}guests/{guest.public_id}/{what}/"
        return creator.post(address, headers=HTMX).content.decode()

    assert "1 of 4 on" in press("admit")
    assert "Unmute" in press("mute")
    assert "Unmute" not in press("unmute")
    assert "0 of 4 on" in press("remove")
    assert creator.post(f"{room(stream)}guests/{guest.public_id}/eat/").status_code == 404


def test_moderators_mute_and_remove_and_invite_nobody(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    moderators.appoint(creator=bob, user=carol)
    guest = seated(stream, alice)
    helper, fan = signed_in(carol), signed_in(alice)
    base = f"{room(stream)}guests/{guest.public_id}/"
    for client, status in ((helper, 200), (fan, 404)):
        assert client.post(f"{base}mute/", headers=HTMX).status_code == status
    console = read(helper, f"{room(stream)}moderate/")
    assert "Remove" in console
    assert "data-guests-invite" not in console
    for what in ("admit", "refuse"):
        assert helper.post(f"{base}{what}/", headers=HTMX).status_code == 404
    assert helper.post(f"{room(stream)}guests/invite/", {"handle": "dana"}).status_code == 404


def test_a_guest_is_invited_from_a_line_of_the_chat(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob, "invited")
    line = say(user=alice, stream=stream, text="Good evening")
    creator, fan = signed_in(bob), signed_in(alice)
    assert fan.post(f"/live/lines/{line.pk}/invite/", headers=HTMX).status_code == 404
    creator.post(f"/live/lines/{line.pk}/invite/", headers=HTMX)
    assert stream.guests.get().state == Guest.State.INVITED


def test_the_rule_is_kept_from_both_pages(bob: User, stream: Stream) -> None:
    creator = signed_in(bob)
    assert creator.post("/studio/go-live/guests/", {"guests": "anyone"}).status_code == 302
    assert '<option value="anyone" selected>' in read(creator, "/studio/go-live/")
    answer = creator.post("/studio/go-live/guests/", {"guests": "nobody"}, headers=HTMX)
    assert answer.status_code == 204
    assert '<option value="nobody" selected>' in read(creator, "/studio/live/")
    wrong = creator.post("/studio/go-live/guests/", {"guests": "all"}, headers=HTMX)
    assert wrong["X-Error-Code"] == "unknown_guests_rule"


def test_a_stream_that_is_over_has_no_door(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    seated(stream, alice)
    streams.end(creator=bob, stream=stream)
    fan = signed_in(alice)
    assert "guest-door" not in read(fan, room(stream))
    assert fan.get(f"{room(stream)}guest/").status_code == 302


def test_staff_take_a_guest_off_on_its_page(
    bob: User, alice: User, dana: User, stream: Stream
) -> None:
    open_to(bob)
    guest = seated(stream, alice)
    staff = signed_in(dana)
    page = reverse("admin:live_guest_change", args=[guest.pk])
    assert "Take this guest off" in read(staff, page)
    assert "Write a reason." in staff.post(page, {"take_off": "on"}).content.decode()
    staff.post(page, {"take_off": "on", "why": "A weapon."})
    guest.refresh_from_db()
    assert (guest.state, guest.reason, guest.by) == (Guest.State.REMOVED, "A weapon.", dana)
    assert "Take this guest off" not in read(staff, page)
    assert staff.get(reverse("admin:live_guest_changelist")).status_code == 200


def test_the_api_asks_lets_in_mutes_and_removes(bob: User, alice: User, stream: Stream) -> None:
    creator, fan = signed_in(bob), signed_in(alice)
    base = f"/api/v1/streams/{stream.public_id}"
    own, theirs, json = f"{base}/guest/", f"{base}/guests/alice/", "application/json"
    assert fan.put(own).json()["code"] == "guests_off"
    answer = creator.put("/api/v1/me/guests/", {"guests": "anyone"}, content_type=json)
    assert answer.json() == {"guests": "anyone", "open": []}
    assert fan.get(own).status_code == 404
    assert fan.put(own).json()["state"] == "asked"
    (waiting,) = creator.get("/api/v1/me/guests/").json()["open"]
    assert (waiting["handle"], waiting["state"]) == ("alice", "asked")
    assert fan.put(theirs).status_code == 403
    assert creator.put(theirs).json()["seat"] == 1
    (seen,) = Client().get(f"{base}/guests/").json()
    assert (seen["handle"], seen["muted"]) == ("alice", False)
    assert creator.patch(theirs, {"muted": True}, content_type=json).json()["muted"] is True
    assert fan.patch(theirs, {"muted": False}, content_type=json).status_code == 403
    assert creator.delete(theirs).status_code == 204
    assert stream.guests.get().state == Guest.State.REMOVED
    creator.put(theirs)
    assert fan.put(own).json()["state"] == "joined"
    assert fan.delete(own).status_code == 204
    assert Client().get(f"{base}/guests/").json() == []
