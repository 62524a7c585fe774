"""The story of the demo: streams, purchases, gifts.

Every key is derived from its place in the story, so that telling it again, also after it was cut
off in the middle, changes nothing.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import User
from gifts.earnings.release import release_due
from gifts.sending.services import send_gift, thank
from live.chat.messages import say
from live.models import Stream
from live.streams.services import go_live
from wallet.models import Bundle, Purchase, SandboxPayment
from wallet.purchases import buying, settlement

STORY = UUID("6f1c1d3e-2a54-4f0e-9d53-5d0f7a3f8c11")


@dataclass(frozen=True)
class Show:
    """A broadcast of the demo."""

    handle: str
    title: str
    poster: str
    video: str = ""  # without one the room shows the poster
    in_days: int = 0  # 0: on air now


SHOWS = (
    Show("bob", "Night guitar, window open", "night-guitar", "live/sample.webm"),
    Show("mira", "A vase for the new house", "pottery-wheel", "live/sample-2.webm"),
    Show("ines", "Midnight baking: rye and caraway", "midnight-baking"),
    Show("kofi", "Harbour radio, side B", "harbour-radio"),
    Show("yuki", "Ink and tea", "ink-and-tea", in_days=1),
    Show("tomas", "Chess at dawn, all levels", "chess-at-dawn", in_days=2),
)
# Bundles that each fan bought, in coins.
BOUGHT = {
    "alice": (1_000, 500),
    "noor": (5_000, 2_500),
    "sam": (10_000, 1_000),
    "june": (5_000, 5_000),
}
SENDERS = ("noor", "sam", "june")
FAVOURITES = (
    *("pebble", "matchlight", "good-bean", "tiny-kettle", "clap-crab", "lucky-button"),
    *("moss-frog", "moss-frog", "pocket-rain", "toast-parachute", "drift-lamp", "drift-lamp"),
    *("encore-ticket", "brass-snail", "neon-umbrella", "kite-flock", "marching-teacups"),
)
MESSAGES = (
    "",
    "",
    "",
    "That chord!",
    "Hello from the ferry",
    "Play the slow one",
    "Good night all",
)


def key(*place: object) -> UUID:
    """Return the key of one act of the story."""
    return uuid5(STORY, ":".join(map(str, place)))


def put_on_air(people: dict[str, User]) -> dict[str, Stream]:
    """Return everybody's stream by handle, on air or announced."""
    streams = {}
    for show in SHOWS:
        creator, poster = people[show.handle], f"live/posters/{show.poster}.svg"
        stream = Stream.objects.filter(creator=creator, title=show.title).first()
        if stream is None and show.in_days:
            stream = Stream.objects.create(
                creator=creator,
                title=show.title,
                poster=poster,
                video=show.video,
                scheduled_for=timezone.now() + timedelta(days=show.in_days),
            )
        streams[show.handle] = stream or go_live(
            creator=creator, title=show.title, poster=poster, video=show.video
        )
    return streams


def buy_coins(fan: User) -> None:
    """Let a fan buy and pay through the sandbox provider, as on the pages."""
    for number, coins in enumerate(BOUGHT[fan.handle]):
        order = buying.buy(
            user=fan,
            key=key("buy", fan.handle, number),
            method="card",
            bundle=Bundle.objects.get(region=fan.region, coins=coins),
        )
        if order.state == Purchase.State.CREATED:
            buying.start(order)
        if order.is_open:
            payment = SandboxPayment.objects.get(reference=order.provider_reference)
            payment.move(SandboxPayment.State.SUCCEEDED)
            settlement.inspect(order)


def send_a_month_of_gifts(people: dict[str, User], streams: dict[str, Stream]) -> None:
    """Fill thirty days with gifts, more of them for Bob, then release what has served its hold."""
    chance = random.Random(7)  # noqa: S311  # a story, told the same way each time
    now = timezone.now()
    for day in range(30, 0, -1):
        since = now - timedelta(days=day)
        gifts: list[dict[str, Any]] = [
            {
                "fan": people[chance.choice(SENDERS)],
                "stream": streams[chance.choice(("bob", "bob", "bob", "mira", "kofi", "ines"))],
                "sent_at": since + timedelta(minutes=chance.randint(0, 1_200)),
                "gift": chance.choice(FAVOURITES),
                "key": key("gift", day, number),
                "message": chance.choice(MESSAGES),
            }
            for number in range(chance.randint(2, 7))
        ]
        # In the order of the clock: lists show the newest first by the order in which gifts came.
        for gift in sorted(gifts, key=lambda gift: gift["sent_at"]):
            send_gift(confirmed=True, **gift)
    release_due()


def tonight(people: dict[str, User], streams: dict[str, Stream]) -> None:
    """Leave a little life in Bob's room: words, a few gifts, a thank-you."""
    room = streams["bob"]
    if room.events.filter(kind="chat").exists():
        return
    say(user=people["june"], stream=room, text="Evening, harbour!")
    say(user=people["noor"], stream=room, text="The reverb in that room is something else.")
    for number, (handle, gift) in enumerate((("sam", "moss-frog"), ("june", "drift-lamp"))):
        at = key("tonight", number)
        send_gift(fan=people[handle], stream=room, gift=gift, key=at, message="")
        thank(creator=people["bob"], key=at)
    say(user=people["sam"], stream=room, text="One more before the last ferry?")
