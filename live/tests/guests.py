"""Guests, made through the services."""

from accounts.models import User
from live.guests import asking, hosting, rules
from live.models import Guest, Stream


def open_to(creator: User, who: str = "anyone") -> None:
    """Let people be guests of a creator: `anyone` may ask, or only who is `invited`."""
    rules.change_rule(creator=creator, guests=who)


def seated(stream: Stream, user: User) -> Guest:
    """Return a guest who asked and was let in."""
    guest = asking.ask(user=user, stream=stream)
    return hosting.admit(creator=stream.creator, stream=stream, guest=guest)
