"""The goal in its creator's room."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gifts.sending.services import send_gift
from gifts.tray.tiles import rate_of
from live.models import Stream
from overlay.goals import end_goal, set_goal

pytestmark = pytest.mark.django_db


def room(stream: Stream) -> str:
    page = Client().get(reverse("live:room", args=[stream.public_id])).content.decode()
    return page.split('class="goal"')[1].split("</section>")[0]


def test_the_room_shows_how_far_the_goal_is(alice: User, stream: Stream) -> None:
    assert "hidden>" in room(stream)
    goal = set_goal(creator=stream.creator, title="New strings", unit="coins", target=1_000)
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    shown = room(stream)
    assert f'data-goal="{goal.public_id}"' in shown
    assert "New strings" in shown
    # What it costs the reader comes first, here a visitor.
    rate = rate_of(AnonymousUser())
    money = f"{rate.worth(25)} of {rate.worth(1_000)}"
    assert 0 < shown.index(money) < shown.index("25 of 1,000 coins")
    assert "hidden>" not in shown
    end_goal(creator=stream.creator)
    assert "hidden>" in room(stream)


def test_gifts_are_counted_where_gifts_are_asked_for(alice: User, stream: Stream) -> None:
    set_goal(creator=stream.creator, title="Ten frogs", unit="gifts", target=10)
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert "1 of 10 gifts" in room(stream)
