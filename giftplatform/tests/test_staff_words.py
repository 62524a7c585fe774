"""Staff read sentences: events say what happened, titles name people and money, figures line up."""

import re
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Creator, SpendingLimit, User
from conftest import person
from foundation.figures import read_by
from giftplatform.staff.events import SENTENCES, sentence
from giftplatform.tests.addresses import things
from giftplatform.tests.staff_pages import without_sidebar
from gifts.models import SentGift
from gifts.sending.services import send_gift, thank, undo_gift
from live.chat.messages import say
from live.guests import asking
from live.models import Block, Event, Follow, Stream
from live.moderation import blocks, hiding
from live.streams import services
from live.tests.guests import open_to, seated
from overlay import goals
from overlay.services import alerts_pause, change_settings, send_test
from payouts.models import Proposal
from payouts.tests.builders import answered, ready, sent
from video import broadcasts, guests
from video.models import Broadcast
from wallet.models import Bundle
from wallet.tests.stage import order

pytestmark = pytest.mark.django_db
SIGN = r"(?:[A-Z]{0,3}[€$£¥₩₹₺₫₱฿]|[A-Z][A-Za-z]{1,2} )"
FIGURE = re.compile(r"-?" + SIGN + r"?[\d,]*\d(\.\d+)?( ?%| s| [A-Z]{3}| coins?| diamonds?)?")
# Columns whose rows are known by a number, not counted by it.
NUMBERS = {"in_batch", "name", "played_to"}
CELL = re.compile(r"<(?:td|th)\b[^>]*\bfield-(\w+)[^>]*>(.*?)</(?:td|th)>", re.DOTALL)
SOURCES: Path = settings.BASE_DIR


def said(stream: Stream) -> list[str]:
    return [sentence(event) for event in stream.events.order_by("pk")]


def test_every_event_of_a_room_is_a_sentence(alice: User, bob: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="pebble", key=key, quantity=3, confirmed=True)
    thank(creator=bob, key=key)
    undo_gift(fan=alice, key=key)
    send_gift(
        fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), anonymous=True, confirmed=True
    )
    line = say(user=alice, stream=stream, text="That chord!")
    hiding.hide_line(by=bob, line=line)
    alerts_pause(creator=bob)
    goals.set_goal(creator=bob, title="New strings", unit="coins", target=100)
    change_settings(creator=bob, changes={"volume": 10})
    send_test(creator=bob, gift="pebble")
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    broadcasts.show(broadcast=broadcast, width=1280, height=720)
    broadcasts.lose(broadcast=broadcast)
    open_to(bob)
    guest = seated(stream, alice)
    sent = guests.show(broadcast=guests.connect(guest=guest), width=640, height=360)
    broadcasts.lose(broadcast=sent)
    asking.leave(user=alice, stream=stream)
    services.end(creator=bob, stream=stream)
    assert said(stream) == [
        "Alice sent Bob 3 × Pebble, 3 coins.",
        "Bob thanked Alice for Pebble.",
        "A gift to Bob was taken back, 3 coins.",
        "Anonymous sent Bob Pebble, 1 coin.",
        "Alice wrote a message that was hidden.",
        f"Message {line.pk} was hidden.",
        "Bob paused the alerts.",
        "The goal of Bob is “New strings”.",
        "Bob changed the overlay.",
        "Bob tried an alert out. Nobody paid for it.",
        "The picture of Bob came.",
        "The picture of Bob stopped.",
        "Bob has no guests.",
        "Somebody asked to be a guest of Bob, or was answered.",
        "Somebody asked to be a guest of Bob, or was answered.",
        "Guests of Bob: @alice.",
        "The picture of a guest of Bob came.",
        "The picture of a guest of Bob stopped.",
        "Somebody asked to be a guest of Bob, or was answered.",
        "Bob has no guests.",
        "The stream of Bob ended.",
    ]


def test_no_kind_of_event_is_left_without_words() -> None:
    """Every kind that an app publishes has its sentence."""
    published = {
        kind
        for app in ("gifts", "live", "overlay", "video")
        for file in (SOURCES / app).rglob("*.py")
        if "tests" not in file.parts
        for pattern in (
            r'publish\((?:[^()]|\([^()]*\))*?kind="(\w+)"',
            r'publish_live\([\w.]+, "(\w+)"',
        )
        for kind in re.findall(pattern, file.read_text())
    }
    assert published | {"gift"} == SENTENCES.keys()


def test_json_stands_behind_the_sentence(
    client: Client, dana: User, alice: User, stream: Stream
) -> None:
    say(user=alice, stream=stream, text="Good evening")
    client.force_login(dana)
    rows = unescape(client.get(reverse("admin:live_event_changelist")).content.decode())
    assert "Alice wrote: “Good evening”" in rows
    assert '"handle"' not in rows
    event = Event.objects.get(kind="chat")
    page = client.get(reverse("admin:live_event_change", args=[event.pk])).content.decode()
    assert "Chat " not in page
    behind = page.partition('<details class="folded">')[2].partition("</details>")[0]
    assert '"text": "Good evening"' in unescape(behind)


def test_titles_name_people_and_money(alice: User, bob: User, stream: Stream) -> None:
    send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), quantity=3, confirmed=True)
    bought, payout = order(alice), ready(bob)
    services.follow(user=alice, creator=bob)
    blocks.block(creator=bob, user=alice, by=bob)
    limit = SpendingLimit.objects.create(user=alice, span="day", coins=2_000)
    assert str(SentGift.objects.get()) == "Alice sent Bob 3 × Pebble, 3 coins"
    assert str(bought) == f"Order of Alice, {bought.total} for 1,000 coins"
    assert str(bought.total).startswith("€")
    assert str(payout) == f"{payout.amount} to Bob"
    assert str(limit) == "Alice: 2,000 coins a day"
    assert str(Creator.objects.get(user=bob)) == "Bob (@bob)"
    assert str(Follow.objects.get()) == "Alice follows Bob"
    assert str(Block.objects.get()) == "Alice is blocked by Bob"


def test_what_moves_money_at_the_bank_is_called_by_people_and_money(
    alice: User, bob: User, dana: User, erin: User
) -> None:
    batch = sent(dana, erin, payout := ready(bob))
    statement = answered(dana, batch)
    name = f"Bank file {batch.short_id} by {dana.name}, {payout.amount}"
    assert str(batch) == name
    [line] = statement.lines.all()
    assert str(line) == f"Row 1: {payout.amount}, Bob, payout settled"
    closing = statement.balances.get().closing
    assert str(statement).endswith(f"uploaded by {dana.name}, closes with {closing}")
    proposal = Proposal(kind="return", payout=payout, line=line, currency="EUR")
    assert str(proposal).startswith(f"The bank returned a payout it had paid: {payout}")
    charge = Proposal(kind="charge", line=line, amount_minor=120, currency="EUR")
    assert str(charge).startswith(f"The bank took a charge: €1.20, {line} (")
    lost = Proposal(kind="not_executed", batch=batch, currency="EUR")
    assert str(lost).startswith(f"The bank never executed this file: {name} (")


def test_a_posting_is_called_by_its_people_and_amounts(
    client: Client, dana: User, alice: User, stream: Stream
) -> None:
    gift = send_gift(
        fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), quantity=3, confirmed=True
    ).gift
    client.force_login(dana)
    rows = client.get(reverse("admin:ledger_posting_changelist")).content.decode()
    assert "Alice, Bob, 3 coins, 3 diamonds" in rows
    address = reverse("admin:ledger_posting_change", args=[gift.posting_id])
    assert "Gift: Alice, Bob, 3 coins, 3 diamonds" in client.get(address).content.decode()


def test_no_title_is_a_number_alone(
    client: Client, alice: User, bob: User, dana: User, stream: Stream
) -> None:
    """No row that staff can open is called by its class and its id."""
    things(alice=alice, bob=bob, moderator=person("max"), dana=dana, stream=stream)
    named = [str(row) for model in admin.site._registry for row in model._default_manager.all()[:1]]
    assert len(named) > 20
    assert [name for name in named if "object (" in name or name.isdigit()] == []


def columns(page: str) -> Iterator[tuple[str, str]]:
    """Return the cells of a list with the class of their column."""
    for name, text in CELL.findall(page):
        yield name, " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_figures_in_lists_stand_under_each_other(
    client: Client, alice: User, bob: User, dana: User, stream: Stream
) -> None:
    things(alice=alice, bob=bob, moderator=person("max"), dana=dana, stream=stream)
    SpendingLimit.objects.create(user=alice, span="day", coins=2_000)
    client.force_login(dana)
    style = (SOURCES / "giftplatform/static/css/staff-lists.css").read_text()
    aligned = set(re.findall(r"\.field-(\w+)", style))
    assert aligned == set(re.findall(r"\.column-(\w+) > div", style))
    found: dict[str, list[str]] = {}
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        with without_sidebar():
            page = client.get(address, follow=True).content.decode()
        for name, text in columns(page):
            if text not in ("", "-", "–"):
                found.setdefault(name, []).append(text)
    figures = {name for name, texts in found.items() if all(map(FIGURE.fullmatch, texts))} - NUMBERS
    assert len(figures) > 10
    assert figures - aligned == set()
    assert aligned & found.keys() - figures <= {"tax", "fee", "pays"}


def test_the_log_keeps_titles_in_the_sites_own_figures(rf: RequestFactory, dana: User) -> None:
    request = rf.get("/admin/")
    request.user = dana
    bundle = Bundle.objects.filter(coins=1_000).first()
    with read_by("de"):
        admin.site._registry[Bundle].log_change(request, bundle, "Off sale.")
    assert LogEntry.objects.get().object_repr.startswith("1,000 coins")


def test_a_change_of_staff_is_told_in_words(client: Client, dana: User, bob: User) -> None:
    client.force_login(dana)
    address = reverse("admin:accounts_creator_change", args=[bob.pk])
    client.post(address, {"trust": "flagged", "reason": "Odd gifts", "accepts_gifts": "on"})
    assert "Odd gifts" in LogEntry.objects.get().get_change_message()
    page = client.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "Odd gifts" in page
    assert "[{" not in unescape(page)


def models_with_json() -> list[type[Model]]:
    return [
        model
        for model, keeper in admin.site._registry.items()
        for field in model._meta.fields
        if field.get_internal_type() == "JSONField" and field.name in keeper.list_display
    ]


def test_no_list_shows_json() -> None:
    assert models_with_json() == []
