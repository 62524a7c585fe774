"""The console's page: light, whole without scripts, older lines on demand."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import give_coins, person
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.chat.messages import say
from live.feed.events import publish
from live.models import Stream
from overlay.goals import set_goal
from studio.console_lines import LINES
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
CONSOLE = "studio:console"
LARGEST = 64_000  # bytes of HTML


def sent(fan: User, stream: Stream, **more: object) -> SentGift:
    asked = {"gift": "neon-umbrella", "confirmed": True, **more}
    return send_gift(fan=fan, stream=stream, key=uuid.uuid4(), **asked).gift  # type: ignore[arg-type]  # the test's own facts


def said(fan: User, stream: Stream, number: int) -> None:
    words = f"Message {number}, which is about as long as what people write in a room"
    payload = {"from": fan.name, "handle": fan.handle, "person": str(fan.public_id), "text": words}
    publish(stream_id=stream.pk, kind="chat", payload={**payload, "creator": False})


@pytest.fixture
def full(bob: User, stream: Stream) -> Stream:
    """A stream with more lines of each kind than the console shows at first."""
    set_goal(creator=bob, title="New strings for the old guitar", unit="coins", target=5_000)
    fans = [person(f"faithful_fan_number_{n}") for n in range(6)]
    for fan in fans:
        give_coins(fan, 20_000)
    for number in range(LINES + 6):
        fan = fans[number % 6]
        combo = uuid.uuid4()
        for _ in range(2):
            sent(fan, stream, gift="drift-lamp", combo=combo, message="Play the slow one, please!")
        said(fan, stream, number)
    return stream


def page_of(client: Client, **asked: int | str) -> str:
    return client.get(reverse(CONSOLE), asked).content.decode()


def lines_in(page: str) -> int:
    return page.partition("<template data-shape")[0].count("data-line ")


def test_a_full_console_is_light(bob: User, full: Stream) -> None:
    page = signed_in(bob).get(reverse(CONSOLE))
    text = page.content.decode()
    assert lines_in(text) == LINES
    assert text.count("data-chat-line") == LINES + 1  # and the shape of those to come
    assert len(page.content) < LARGEST


def test_older_lines_are_asked_for(bob: User, full: Stream) -> None:
    client = signed_in(bob)
    first = page_of(client)
    before = re.search(r'href="\?before=(\d+)"', first)
    said_before = re.search(r'href="\?said_before=(\d+)"', first)
    assert before
    assert said_before
    older = client.get(reverse(CONSOLE), {"before": before[1], "said_before": said_before[1]})
    shown = {key for row in client.get(reverse(CONSOLE)).context["rows"] for key in row.keys}
    rest = {key for row in older.context["rows"] for key in row.keys}
    assert len(older.context["rows"]) == 6
    assert len(shown | rest) == len(shown) + len(rest) == 2 * (LINES + 6)
    assert [line.payload["text"][:10] for line in older.context["chat_lines"]] == [
        f"Message {number}," for number in range(6)
    ]
    assert "?before=" not in older.content.decode()


def test_a_combo_that_goes_on_is_counted_once_over_all_pages(
    bob: User, alice: User, stream: Stream
) -> None:
    give_coins(alice, 20_000)
    combo = uuid.uuid4()
    keys = [sent(alice, stream, gift="pebble", combo=combo)]
    keys += [sent(alice, stream, gift="pebble") for _ in range(LINES)]
    keys += [sent(alice, stream, gift="pebble", combo=combo)]
    client = signed_in(bob)
    newest = client.get(reverse(CONSOLE)).context
    older = client.get(reverse(CONSOLE), {"before": newest["older_gifts"]}).context
    shown = [key for page in (newest, older) for row in page["rows"] for key in row.keys]
    assert len(newest["rows"]) == LINES
    assert sorted(shown) == sorted(str(gift.public_id) for gift in keys)


def test_without_scripts_a_line_has_its_menu_and_its_thanks(
    bob: User, alice: User, stream: Stream
) -> None:
    client = signed_in(bob)
    gift, line = sent(alice, stream, message="Hello"), say(user=alice, stream=stream, text="Hi")
    page = page_of(client)
    forms = set(re.findall(r'<form[^>]* id="([^"]+)"', page))
    assert set(re.findall(r'<button[^>]* form="([^"]+)"', page)) == {"thanks", "line-menu"} & forms
    assert f'formaction="{reverse("studio:thank", args=[gift.public_id])}"' in page
    menu = page_of(client, line=str(gift.public_id))
    for name in ("studio:block_sender", "studio:hide_message"):
        assert f'action="{reverse(name, args=[gift.public_id])}"' in menu
    assert "Block Alice" in menu
    menu = page_of(client, line=line.pk)
    for name in ("studio:block_author", "studio:hide_line"):
        assert f'action="{reverse(name, args=[line.pk])}"' in menu


@pytest.mark.parametrize("line", ["", "0", "9" * 30, "nobody", str(uuid.UUID(int=1))])
def test_a_line_that_is_not_there_has_no_menu(bob: User, stream: Stream, line: str) -> None:
    page = signed_in(bob).get(reverse(CONSOLE), {"line": line})
    assert (page.status_code, page.context["menu"]) == (200, None)
