"""The pace of chat, against many requests at once."""

import pytest
from django.core.cache import cache

from accounts.models import Creator
from conftest import person
from live.chat import messages
from live.models import Event
from live.streams.services import go_live
from testing.threads import together

AT_ONCE = 8


@pytest.mark.parametrize("spoke_before", [False, True])
def test_many_messages_at_once_are_one(committed: None, spoke_before: bool) -> None:
    cache.clear()
    creator, fan = person("bob", is_creator=True), person("alice")
    Creator.objects.create(user=creator)
    stream = go_live(creator=creator, title="Night")
    if spoke_before:
        cache.set(f"said:{fan.pk}", 1.0, 60)
    answers = together(
        lambda n: messages.say(user=fan, stream=stream, text=f"Line {n}"),
        times=AT_ONCE,
        returned=messages.TooFast,
    )
    assert sum(isinstance(answer, messages.TooFast) for answer in answers) == AT_ONCE - 1
    assert Event.objects.filter(kind="chat").count() == 1
