"""The demo's programme: four weeks of streams, the gifts of each, and who buys which coins."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from live.models import Topic


@dataclass(frozen=True)
class Show:
    """A stream: `days` ago at the hour of now, begun `begun` minutes before it, `minutes` long.

    A stream without a length is on air now; one in the future is announced.
    """

    handle: str
    title: str
    days: int
    begun: int = 0
    minutes: int = 0
    gifts: int = 0
    large: tuple[str, ...] = ()  # gifts that the fans of this evening saved for

    def starts(self, now: datetime) -> datetime:
        """Return when it starts."""
        return now - timedelta(days=self.days, minutes=self.begun)

    @property
    def on_air(self) -> bool:
        """Whether it is on air when the site starts."""
        return self.days == 0


POSTERS = {
    "bob": "night-guitar",
    "mira": "pottery-wheel",
    "ines": "midnight-baking",
    "kofi": "harbour-radio",
    "yuki": "ink-and-tea",
    "tomas": "chess-at-dawn",
}
TOPICS = {
    "bob": Topic.MUSIC,
    "mira": Topic.ART,
    "ines": Topic.FOOD,
    "kofi": Topic.TALK,
    "yuki": Topic.ART,
    "tomas": Topic.GAMES,
}
# Whose room shows a film; the others show the poster.
FILMS = {handle: POSTERS[handle] for handle in ("bob", "mira")}
SHOWS = (
    Show("bob", "New strings, old songs", 27, 70, 85, 19, ("tide-hello",)),
    Show("mira", "Teapots, and why they drip", 25, 95, 110, 17, ("clockwork-fox",)),
    Show("bob", "Open tunings for beginners", 24, 65, 70, 16),
    Show("kofi", "Harbour radio: ferries at six", 22, 80, 95, 13),
    Show("bob", "Requests until the ferry goes", 20, 75, 90, 22, ("clockwork-fox",)),
    Show("ines", "Rolls for a Sunday", 19, 60, 100, 12),
    Show("mira", "Forty small bowls", 18, 90, 120, 18, ("tide-hello",)),
    Show("bob", "Fingers slow, fingers fast", 17, 60, 75, 15, ("clockwork-fox", "tide-hello")),
    Show("yuki", "One line, forty times", 16, 50, 60, 9),
    Show("kofi", "Harbour radio, side A", 15, 80, 100, 14),
    Show("tomas", "Endgames over coffee", 14, 40, 55, 8),
    Show("bob", "A song from each of you", 13, 80, 95, 24, ("tide-hello", "clockwork-fox")),
    Show("ines", "Sourdough, day one to three", 12, 70, 80, 11),
    Show("mira", "Glaze day", 11, 85, 105, 19, ("clockwork-fox", "tide-hello")),
    Show("bob", "Two chords are enough", 10, 55, 65, 14),
    Show("yuki", "Bamboo in the rain", 9, 45, 60, 9),
    Show("kofi", "Harbour radio: fog horns", 8, 75, 90, 15, ("tide-hello",)),
    Show("tomas", "Openings that lose", 7, 40, 60, 8),
    Show("bob", "Songs about water", 6, 70, 90, 20, ("clockwork-fox",)),
    Show("ines", "Plum cake for a crowd", 5, 65, 85, 12),
    Show("mira", "Handles, at last", 4, 90, 105, 16),
    Show("bob", "The slow ones", 3, 75, 80, 18, ("tide-hello",)),
    Show("kofi", "Harbour radio: last ferry", 2, 80, 95, 13),
    Show("kofi", "Harbour radio, side B", 0, 96, gifts=12),
    Show("mira", "A vase for the new house", 0, 71, gifts=13, large=("tide-hello",)),
    Show("bob", "Night guitar, window open", 0, 47, gifts=17),
    Show("ines", "Midnight baking: rye and caraway", 0, 24, gifts=6),
    Show("yuki", "Ink and tea", -1),
    Show("tomas", "Chess at dawn, all levels", -2),
)
# The pack that each fan buys when coins run out: more than any gift here costs.
PACKS = {"noor": 5_000, "sam": 5_000, "june": 2_500, "lena": 1_000, "omar": 2_500, "priya": 2_500}
# Whose rooms a fan likes best; everybody drops in on Bob.
FAVOURITES = {
    "bob": ("noor", "sam", "june", "lena", "omar", "priya", "sam", "noor"),
    "mira": ("june", "priya", "omar", "june", "sam"),
    "kofi": ("sam", "noor", "lena"),
    "ines": ("omar", "lena", "priya"),
    "yuki": ("priya", "june", "noor"),
    "tomas": ("noor", "omar"),
}
GIFTS = (
    *("pebble", "matchlight", "good-bean", "good-bean", "tiny-kettle", "tiny-kettle"),
    *("clap-crab", "clap-crab", "lucky-button", "moss-frog", "moss-frog", "moss-frog"),
    *("pocket-rain", "toast-parachute", "drift-lamp", "drift-lamp"),
    *("encore-ticket", "brass-snail", "neon-umbrella", "marching-teacups"),
)
MESSAGES = {
    "bob": ("That chord!", "Hello from the ferry", "Play the slow one", "Good night all"),
    "mira": ("So steady", "The green one, please", "Keep that one!"),
    "kofi": ("Louder!", "What a horn", "Side B is better"),
    "ines": ("I can smell it from here", "Hungry now", "Butter?"),
    "yuki": ("So calm", "One more line"),
    "tomas": ("Knight, surely", "Ouch, the rook"),
}
# Alice spends a round sum at Mira's, so that she has 1,500 coins for the person who tries her.
ALICE = ("encore-ticket", "drift-lamp", "toast-parachute", "lucky-button", "tiny-kettle", "pebble")
ALICE_BOUGHT = (1_000, 500, 300)


@dataclass(frozen=True)
class Press:
    """A gift to be: who sends what, when, and with which words."""

    at: datetime
    fan: str
    gift: str
    message: str = ""


def presses(show: Show, number: int, now: datetime) -> Iterator[Press]:
    """Yield the gifts of a stream, first to last, the same at each telling."""
    chance = random.Random(number)  # noqa: S311  # a story, told the same way each time
    # Gifts come once people have settled, and none in the last two minutes: all can be undone.
    first, last = 3, (show.minutes or show.begun) - 2
    sent = [*show.large, *chance.choices(GIFTS, k=show.gifts - len(show.large))]
    chance.shuffle(sent)
    seconds = sorted(chance.sample(range(first * 60, last * 60), k=len(sent)))
    for gift, second in zip(sent, seconds, strict=True):
        said = chance.choice(MESSAGES[show.handle]) if chance.random() < 0.35 else ""
        at = show.starts(now) + timedelta(seconds=second)
        yield Press(at, chance.choice(FAVOURITES[show.handle]), gift, said)


def purchases(sent: list[Press], costs: Mapping[str, int]) -> Iterator[tuple[datetime, str, int]]:
    """Yield when each fan buys which pack, so that nobody sends what they have not bought."""
    left = dict.fromkeys(PACKS, 0)
    for press in sent:
        if left[press.fan] < costs[press.gift]:
            left[press.fan] += PACKS[press.fan]
            yield press.at - timedelta(minutes=2), press.fan, PACKS[press.fan]
        left[press.fan] -= costs[press.gift]
