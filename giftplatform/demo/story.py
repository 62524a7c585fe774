"""The demo's story: four weeks of a site, act by act, through its services at the story's time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from foundation.jobs import take_time
from giftplatform.demo import people, programme
from giftplatform.demo.clock import story_time
from giftplatform.demo.programme import SHOWS, Press, Show
from giftplatform.runtime import payments
from gifts.earnings.release import release_due
from gifts.models import Gift
from gifts.sending.services import send_gift, thank
from live.chat.messages import say
from live.models import Stream
from live.streams.facts import Facts
from live.streams.services import end, go_live, schedule
from overlay.goals import set_goal
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import PayoutEvent, PayoutMethod
from payouts.proposals import services as proposals
from payouts.rails.bank_file.sample import statement_for
from payouts.requests import automatic, quotes, services
from payouts.statements import balances
from payouts.statements.bank_statements import read_statement
from wallet.coins.recognition import recognise
from wallet.documents import issuing
from wallet.models import (
    Bundle,
    Document,
    Promotion,
    Purchase,
    RateCard,
    SandboxNotice,
    SandboxPayment,
    StatementEmail,
)
from wallet.purchases import buying, capturing
from wallet.statements import emails as statement_emails

STORY = UUID("6f1c1d3e-2a54-4f0e-9d53-5d0f7a3f8c11")
BANKS = {  # who gives a bank account, how many days ago
    "bob": ("Bob Harbour", "DE02120300000000202051", 26),
    "mira": ("Mira Quai", "FR1420041010050500013M02606", 24),
}
# Who asks for a payout, how many days ago. Yesterday's is still on its way.
PAYOUTS = (("bob", 12), ("bob", 8), ("mira", 6), ("mira", 1))
PROMOTED_COINS = 10_000
CHAT = (
    ("june", "bob", 41, "Evening, harbour!"),
    ("noor", "bob", 33, "The reverb in that room is something else."),
    ("priya", "mira", 20, "That curve!"),
    ("lena", "bob", 12, "First time here. Staying."),
    ("sam", "bob", 3, "One more before the last ferry?"),
)


@dataclass(order=True)
class Act:
    """Something that happens at a time of the story."""

    at: datetime
    do: Callable[[], object] = field(compare=False)


def key(*place: object) -> UUID:
    """Return the key of one act of the story."""
    return uuid5(STORY, ":".join(map(str, place)))


class Story:
    """The demo's people, and what they do."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.cast: dict[str, User] = {}
        self.streams: dict[Show, Stream] = {}
        self.costs = {gift.slug: gift.price.coins for gift in Gift.objects.all()}

    def acts(self) -> Iterator[Act]:
        """Yield everything that happens, in no order."""
        yield from self.broadcasts()
        yield from self.gifts()
        yield from self.nights()
        yield from self.payouts()
        yield Act(self.now, self.promote)
        for fan, room, minutes, text in CHAT:
            yield Act(self.ago(minutes=minutes), partial(self.talk, fan, room, text))

    def ago(self, **span: int) -> datetime:
        """Return the moment so long before the story ends."""
        return self.now - timedelta(**span)

    def day(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return a time of the day, UTC, so many days ago."""
        return self.ago(days=days).replace(hour=hour, minute=minute, second=0, microsecond=0)

    # --- Streams -------------------------------------------------------------------------------

    def broadcasts(self) -> Iterator[Act]:
        """Yield the starts and ends of all streams, and what is announced now."""
        for show in SHOWS:
            if show.days < 0:
                yield Act(self.now, partial(self.announce, show))
                continue
            starts = show.starts(self.now)
            yield Act(starts, partial(self.start, show))
            if not show.on_air:
                yield Act(starts + timedelta(minutes=show.minutes), partial(self.stop, show))
        yield Act(self.day(5, 12), self.set_a_goal)

    def start(self, show: Show) -> None:
        """Put a stream on air."""
        self.streams[show] = go_live(creator=self.cast[show.handle], **self.look(show))

    def stop(self, show: Show) -> None:
        """End it."""
        end(creator=self.cast[show.handle], stream=self.streams[show])

    def announce(self, show: Show) -> None:
        """Schedule a stream that comes yet."""
        creator, at = self.cast[show.handle], show.starts(self.now)
        self.streams[show] = schedule(creator=creator, scheduled_for=at, **self.look(show))

    def look(self, show: Show) -> Facts:
        """Return what is said of a stream."""
        poster = f"live/posters/{programme.POSTERS[show.handle]}.svg"
        return {
            "title": show.title,
            "poster": poster,
            "topic": programme.TOPICS[show.handle],
            "language": "en",
        }

    def set_a_goal(self) -> None:
        """Let Bob collect for something."""
        title = "New strings for the old guitar"
        set_goal(creator=self.cast["bob"], title=title, unit="coins", target=5_000)

    def talk(self, fan: str, room: str, text: str) -> None:
        """Say something in a room that is on air now."""
        on_air = next(show for show in self.streams if show.on_air and show.handle == room)
        say(user=self.cast[fan], stream=self.streams[on_air], text=text)

    # --- Coins and gifts -----------------------------------------------------------------------

    def gifts(self) -> Iterator[Act]:
        """Yield all purchases and gifts, and creators' thanks."""
        sent: list[Press] = []
        for number, show in enumerate(SHOWS):
            evening = list(programme.presses(show, number, self.now)) if show.gifts else []
            for place, press in enumerate(evening):
                at = key("gift", number, place)
                yield Act(press.at, partial(self.send, show, press, at))
                if show.on_air and place < len(evening) - 3:  # the newest are still to thank
                    thanks = press.at + timedelta(seconds=40)
                    yield Act(thanks, partial(self.thank, show.handle, at))
            sent += evening
        sent.sort(key=lambda press: press.at)
        for number, (when, fan, coins) in enumerate(programme.purchases(sent, self.costs)):
            yield Act(when, partial(self.buy, fan, coins, key("buy", number)))
        yield from self.alice()

    def alice(self) -> Iterator[Act]:
        """Yield what Alice, whom the greeting names, bought and sent."""
        for number, coins in enumerate(programme.ALICE_BOUGHT):
            when = self.day(26 - 9 * number, 19, 20)
            yield Act(when, partial(self.buy, "alice", coins, key("alice", number)))
        show = next(show for show in SHOWS if (show.handle, show.days) == ("mira", 11))
        for place, gift in enumerate(programme.ALICE):
            press = Press(show.starts(self.now) + timedelta(minutes=12 + 9 * place), "alice", gift)
            yield Act(press.at, partial(self.send, show, press, key("alice sends", place)))

    def buy(self, handle: str, coins: int, at: UUID) -> None:
        """Buy and pay through the sandbox provider, as on the pages."""
        fan = self.cast[handle]
        pack = Bundle.objects.get(region=fan.region, coins=coins)
        order = buying.buy(user=fan, key=at, method="card", bundle=pack)
        started = buying.start(order)
        payment = SandboxPayment.objects.get(pk=started.reference)
        payment.move(SandboxPayment.State.SUCCEEDED)
        capturing.capture([Purchase.objects.select_for_update(no_key=True).get(pk=order.pk)])
        issuing.issue_receipt(order.pk)

    def send(self, show: Show, press: Press, at: UUID) -> None:
        """Send a gift into the stream."""
        send_gift(
            fan=self.cast[press.fan],
            stream=self.streams[show],
            gift=press.gift,
            key=at,
            message=press.message,
            confirmed=True,
            sent_at=press.at,
        )

    def thank(self, creator: str, at: UUID) -> None:
        """Thank for a gift."""
        thank(creator=self.cast[creator], key=at)

    # --- Holds and payouts ---------------------------------------------------------------------

    def nights(self) -> Iterator[Act]:
        """Yield what the jobs do: holds are released, spent coins become revenue."""
        for days in range(20, -1, -1):
            yield Act(min(self.day(days, 4), self.now), release_due)
        yield Act(self.now, release_due)
        for when in (*(self.day(days, 5) for days in (21, 14, 7)), self.now):
            yield Act(when, recognise)

    def promote(self) -> None:
        """Announce a promotion: a twentieth on top of the euro area's largest pack."""
        pack = Bundle.objects.get(region__countries__code="DE", coins=PROMOTED_COINS)
        Promotion.objects.get_or_create(
            name="Winter harbour",
            defaults={
                "region": pack.region,
                "bundle": pack,
                "percent": 5,
                "budget_coins": 100_000,
                "per_fan_coins": 1_000,
                "starts_at": self.now,
                "ends_at": self.now + timedelta(days=60),
            },
        )

    def payouts(self) -> Iterator[Act]:
        """Yield the bank accounts, and each payout's way to the bank."""
        for handle, (holder, iban, days) in BANKS.items():
            yield Act(self.day(days, 11), partial(self.add_bank, handle, holder, iban))
        for number, (handle, days) in enumerate(PAYOUTS):
            yield Act(self.day(days, 9), partial(self.request, handle, key("payout", number)))
            yield Act(self.day(days, 9, 5), automatic.check_requested)
            yield Act(self.day(days, 10), self.send_to_bank)
            if days > 1:
                yield Act(self.day(days - 1, 7), self.hear_from_bank)

    def add_bank(self, handle: str, holder: str, iban: str) -> None:
        """Give a creator a bank account."""
        bank_accounts.add_method(creator=self.cast[handle], holder=holder, iban=iban)

    def request(self, handle: str, at: UUID) -> None:
        """Ask for all that is available, as far as a day's limit goes."""
        creator = self.cast[handle]
        most = quotes.most_today(creator, RateCard.objects.current())
        services.request_payout(creator=creator, diamonds=most, key=at)

    def send_to_bank(self) -> None:
        """Let one of the staff build a bank file, another approve it, and fetch it."""
        self.batch = bank_files.build_batch(by=self.cast["dana"])
        bank_files.approve(batch=self.batch, by=self.cast["erin"])
        bank_files.download(batch=self.batch)

    def hear_from_bank(self) -> None:
        """Read the bank's statement of the next morning: all was paid.

        The first one shows what the account was opened with, which the ledger does not know.
        """
        read_statement(content=statement_for(self.batch), by=self.cast["dana"])
        for difference in balances.unexplained():
            said = proposals.propose_explanation(
                balance=difference.balance,
                by=self.cast["dana"],
                reason="Our own money, paid in when the account was opened",
                amount_minor=difference.minor,
            )
            proposals.confirm(proposal=said, by=self.cast["erin"])


def tell() -> None:
    """Tell the story up to now."""
    now = timezone.now()
    with at_the_sandbox(), story_time() as turn_to:
        take_time(minutes=10)
        story = Story(now)
        turn_to(now - people.JOINED)
        story.cast = {person.handle: people.create(person) for person in people.EVERYBODY}
        for act in sorted(story.acts()):
            turn_to(act.at)
            act.do()
        forget_mail()


@contextmanager
def at_the_sandbox() -> Iterator[None]:
    """Let the story's people pay at the sandbox's page, whoever takes the money afterwards."""
    afterwards = settings.PAYMENT_PROVIDERS
    settings.PAYMENT_PROVIDERS = [payments.SANDBOX_PROVIDER]
    try:
        yield
    finally:
        settings.PAYMENT_PROVIDERS = afterwards


def forget_mail() -> None:
    """Leave nothing of the past to be announced: no mails, no webhooks of old payments."""
    PayoutEvent.objects.update(notify_at=None)
    PayoutMethod.objects.update(notify_at=None)
    SandboxNotice.objects.update(delivered_at=timezone.now())
    Document.objects.update(due_at=None, mailed_at=F("issued_at"))
    statement_emails.plan()
    StatementEmail.objects.update(due_at=None)
