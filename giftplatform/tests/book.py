"""A small book with everything in it, made through the services: each kind of posting is there."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

import ledger
from accounts.models import Creator, User
from conftest import give_coins, person
from gifts.clawback.follow import follow_disputes
from gifts.earnings import bonus_cost
from gifts.earnings.release import release_due
from gifts.sending.services import send_gift, undo_gift
from ledger.tests.stage import snapshot_all
from live.models import Stream
from live.streams.services import go_live
from payouts.models import Payout, Proposal, StatementLine
from payouts.proposals import services as proposals
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import services
from payouts.tests import bank, builders
from wallet import tasks
from wallet.bonus import expiry
from wallet.codes.redeeming import redeem
from wallet.coins import recognition
from wallet.documents import issuing
from wallet.models import (
    BankTransfer,
    BonusLot,
    DisputePolicy,
    GiveBack,
    MovementBooking,
    Promotion,
    ProviderMovement,
    Purchase,
    SandboxDispute,
    SandboxPayment,
    SandboxRefund,
    SpendingPolicy,
)
from wallet.purchases import settlement
from wallet.reconciliation import by_hand as by_hand_at_provider
from wallet.refunds import by_hand, requests, sending
from wallet.refunds.amounts import Shares
from wallet.tests import stage
from wallet.tests.codes import made_batch
from wallet.tests.disputes import stage as disputes
from wallet.tests.promotions import bonus_lot, promotion
from wallet.tests.stripe import stage as stripe
from wallet.tests.transfers import stage as transfers
from wallet.transfers import giving_back, review

JOINED = timedelta(days=400)
Kind = Proposal.Kind


def creator(handle: str) -> Stream:
    """Return the stream of a new creator."""
    user = person(handle, is_creator=True)
    Creator.objects.create(user=user, trust=Creator.Trust.TRUSTED)
    return go_live(creator=user, title=f"{handle} plays at night")


def give_bonus(fan: User, coins: int) -> None:
    """Grant bonus coins."""
    issued = ledger.account_id("bonus_issued", "COIN")
    bonus = ledger.account_id("bonus_coins", "COIN", fan.pk)
    legs = [ledger.Leg("COIN", issued, bonus, coins)]
    ledger.post_one(key=f"bonus:{uuid.uuid4()}", kind="bonus", legs=legs)


def write_book() -> None:
    """Write the book and take snapshots of it."""
    joined = timezone.now() - JOINED
    alice = person("alice", date_joined=joined)
    adam = person("adam", country="US", date_joined=joined)
    for fan in (alice, adam):
        stage.paid(fan, 2_500)
    stage.paid(alice, 500)
    stage.order(alice, 1_000)
    give_coins(adam, 10)
    send_and_release(alice, adam)
    recognition.recognise()
    undone = send_gift(
        fan=alice, stream=Stream.objects.all()[0], gift="moss-frog", key=uuid.uuid4()
    )
    recognition.recognise()
    undo_gift(fan=alice, key=undone.gift.public_id)
    recognition.recognise()
    refund(alice)
    end_bonuses(person("vera", date_joined=joined))
    dispute(person("flora", date_joined=joined), *Stream.objects.order_by("pk")[:2])
    take_back(person("kim", date_joined=joined), *Stream.objects.order_by("pk")[:2])
    pay_out(*User.objects.filter(is_creator=True).order_by("pk"))
    keep_stripes_book(joined)
    by_transfer(joined)
    issuing.issue_due()
    snapshot_all()


def refund(fan: User) -> None:
    """Let refunds of one order come to every state that there is."""
    dana, erin = (person(name, is_staff=True) for name in ("rita", "sven"))
    purchase = fan.purchases.filter(state="paid").earliest("pk")
    SpendingPolicy.objects.update(refund_alone_usd=1)
    large = [
        requests.give_back(
            purchase=purchase, key=uuid.uuid4(), amount_minor=150, by=dana, note="Cut off"
        )
        for _ in range(3)
    ]
    requests.reject(refund=large[0], by=erin)
    requests.confirm(refund=large[1], by=erin)
    requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=100)
    sending.send_due()
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    for failed in ("lost_or_stolen_card", ""):  # all of it: the bank returns it, then takes it
        left = Shares(Purchase.objects.get(pk=purchase.pk)).left_minor
        theirs = SandboxRefund.objects.create(payment=payment, amount_minor=left)
        settlement.inspect(purchase)
        SandboxRefund.objects.filter(pk=theirs.pk).update(failed=failed)
        settlement.inspect(purchase)
    requests.withdraw(purchase=stage.paid(fan, 100), key=uuid.uuid4())
    back_by_hand(fan, dana, erin)


def back_by_hand(fan: User, dana: User, erin: User) -> None:
    """Let two people give back by hand what failed, when a part of its coins was spent since."""
    purchase = stage.paid(fan, 200)
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    asked = requests.withdraw(purchase=purchase, key=uuid.uuid4())
    sending.send_due()
    SandboxRefund.objects.filter(payment=payment).update(failed="lost_or_stolen_card")
    settlement.inspect(purchase)
    stream = Stream.objects.order_by("pk")[0]
    coins = ledger.balance("coins", "COIN", fan.pk)
    for _turn in range((coins - 100) // 25):
        send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4())
    asked.refresh_from_db()
    stands = by_hand.propose(refund=asked, reference="SEPA 4711", by=dana)
    by_hand.confirm(refund=stands, by=erin)
    recognition.recognise()


def end_bonuses(fan: User) -> None:
    """Let bonus coins come with an order and a code, and be void, come back and expire."""
    offer = promotion(percent=10)
    purchase = stage.paid(fan, 500)
    Promotion.objects.filter(pk=offer.pk).update(stopped_at=timezone.now())
    requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=100)
    sending.send_due()
    rita, sven = (User.objects.get(handle=handle) for handle in ("rita", "sven"))
    proposed = requests.give_back(
        purchase=purchase, key=uuid.uuid4(), amount_minor=200, by=rita, note="Cut off"
    )
    requests.reject(refund=proposed, by=sven)
    lot, past = bonus_lot(fan, 30), timezone.now() - timedelta(minutes=1)
    BonusLot.objects.filter(pk=lot.pk).update(
        created_at=past - timedelta(days=1), expires_at=past, due_at=past
    )
    expiry.expire_due()
    card = made_batch(coins=200, price_minor=238).codes[0]
    redeem(user=fan, typed=card, key=uuid.uuid4(), address="192.0.2.1")


def dispute(fan: User, bobs: Stream, gwens: Stream) -> None:
    """Let disputes come to each of their ends, about coins, gifts on hold and released ones."""
    DisputePolicy.objects.update(bearer=DisputePolicy.Bearer.CREATOR)
    for end in (disputes.State.LOST, disputes.State.WON, None):
        purchase = stage.paid(fan, 150)
        old = timezone.now() - timedelta(days=8)
        for stream, at in ((bobs, old), (bobs, None), (gwens, None)):
            send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=at)
            release_due()
        recognition.recognise()
        ours = disputes.disputed(purchase)
        follow_disputes()
        if end is not None:
            disputes.decided(ours, end)
            follow_disputes()
            SandboxDispute.objects.filter(pk=ours.provider_reference).update(fee_minor=700)
            settlement.inspect(purchase)
    recognition.recognise()


def by_transfer(joined: datetime) -> None:
    """Let transfers come to every state that there is, in parts, too much, back and for nobody."""
    dana, erin = (person(name, is_staff=True) for name in ("tilda", "uwe"))
    fans = [
        person(name, country="DE", date_joined=joined) for name in ("vroni", "wim", "xenia", "yann")
    ]
    reason = "The payer told us"
    paid, taken, parts, large = (transfers.order(fan) for fan in fans)
    for part in (400, paid.total_minor - 150):
        transfers.came(paid, part, by=dana)
    second = transfers.came(paid)
    for back in (*GiveBack.objects.filter(kind="surplus"), second.given_back.get()):
        giving_back.order(give_back=back, by=dana, bank_reference="OUT")
        giving_back.confirm(give_back=back, by=erin)
    requests.withdraw(purchase=transfers.fresh(paid), key=uuid.uuid4(), coins=100)
    sending.send_due()
    refunded = GiveBack.objects.get(kind="refund")
    giving_back.order(give_back=refunded, by=dana)
    giving_back.confirm(give_back=refunded, by=erin)
    transfers.work()
    gone = transfers.came(taken, taken.total_minor + 30)
    review.take_back(transfer=gone, by=dana, reason=reason)
    transfers.came(parts, 400)
    transfers.days_later(parts, 18)
    transfers.work()
    nameless = [transfers.came(large, words="for coins", by=dana) for _ in range(3)]
    review.dismiss(transfer=nameless[0], by=dana, reason=reason)
    held = {**settings.TRANSFERS, "alone_usd": 0}
    with override_settings(TRANSFERS=held):
        review.match(transfer=nameless[1], order=large, by=dana, reason=reason)
        review.approve(transfer=BankTransfer.objects.get(pk=nameless[1].pk), by=erin)
    transfers.work()


def take_back(child: User, bobs: Stream, gwens: Stream) -> None:
    """Let refunds of what a child bought come to each of their ends, with gifts of each kind."""
    dana, erin = (User.objects.get(handle=name) for name in ("rita", "sven"))
    for end in ("done", "proposed", "rejected"):
        purchase = stage.paid(child, 150)
        old = timezone.now() - timedelta(days=8)
        for stream, at in ((bobs, old), (bobs, None), (gwens, None)):
            send_gift(fan=child, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=at)
            release_due()
        recognition.recognise()
        asked = requests.take_back(
            purchase=purchase,
            key=uuid.uuid4(),
            gift_coins=75,
            by=dana,
            note="Bought by a child",
            needs_second=True,
        )
        follow_disputes()
        if end == "done":
            requests.confirm(refund=asked, by=erin)
            sending.send_due()
            settlement.inspect(purchase)
        elif end == "rejected":
            requests.reject(refund=asked, by=erin)
        follow_disputes()
    recognition.recognise()


def keep_stripes_book(joined: datetime) -> None:
    """Let two fans pay through Stripe, which converts for one of them, and book its book."""
    with stripe.stripe_site() as standin:
        standin.account.converts["jpy"] = ("eur", 0.0061)
        for name, country in (("nils", "DE"), ("hana", "JP")):
            stripe.paid(standin, person(name, country=country, date_joined=joined))
        for minor in (70, -20):
            standin.account.charge_fee(minor, "eur")
            standin.account.pay_out(minor * 10, "eur")
        tasks.reconcile()
        for account in MovementBooking.Account:
            for minor in (300, -300):
                book_strange(stripe.strange(standin, minor, f"{account}{minor}"), account)


def book_strange(movement: ProviderMovement, account: str) -> None:
    """Let two people book what no row explains, take it back, and book it once more."""
    dana, erin = User.objects.filter(handle__in=["dana", "erin"]).order_by("pk")

    def booked() -> MovementBooking:
        asked = by_hand_at_provider.propose(
            movement=movement, account=account, by=dana, reason="A reserve"
        )
        return by_hand_at_provider.confirm(booking=asked, by=erin)

    back = by_hand_at_provider.propose_taking_back(booking=booked(), by=dana, reason="A fee")
    by_hand_at_provider.confirm(booking=back, by=erin)
    booked()


def send_and_release(alice: User, adam: User) -> None:
    """Send gifts, one with bonus coins too, release some and undo one."""
    bob, gwen = creator("bob"), creator("gwen")
    give_bonus(alice, 10)
    old = timezone.now() - timedelta(days=8)
    for fan, stream, at in ((alice, bob, old), (adam, gwen, old), (alice, gwen, None)):
        send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=at)
    give_bonus(alice, 5)
    gift = send_gift(fan=alice, stream=bob, gift="moss-frog", key=uuid.uuid4()).gift
    undo_gift(fan=alice, key=gift.public_id)
    release_due()


def pay_out(bob: User, gwen: User) -> None:
    """Let payouts come to every state that there is."""
    dana, erin = (person(name, is_staff=True, is_superuser=True) for name in ("dana", "erin"))
    cancelled = builders.requested(bob, 2_000)
    bonus_cost.book()
    services.cancel(payout=cancelled, by=bob)
    bonus_cost.book()
    settled = builders.ready(gwen, 3_000)
    builders.answered(dana, builders.sent(dana, erin, settled))
    for settles_first in (False, True):
        back = builders.ready(bob, 2_500)
        batch = builders.sent(dana, erin, back)
        if settles_first:
            builders.came_back(dana, erin, batch, back)
        else:
            about = message_id(batch.public_id.hex)
            bank.read(dana, bank.report(about, bank.payment(back.end_to_end_id)))
        builders.bank_account(bob, holder=f"Bob Harbour {settles_first}")
    services.pay_again(creator=bob, payout=builders.fresh(back), key=uuid.uuid4())
    builders.sent(dana, erin, builders.ready(gwen, 2_100))
    builders.built(dana, builders.ready(gwen, 2_200))
    builders.ready(gwen, 2_300)
    builders.requested(gwen, 2_400)
    book_by_hand(gwen, dana, erin)
    bonus_cost.book()


def book_by_hand(creator: User, dana: User, erin: User) -> None:
    """Let two people book all that no answer of the bank books by itself."""
    late, void, dear = (builders.ready(creator, 2_000 + more) for more in (10, 20, 30))
    about = message_id(builders.sent(dana, erin, late).public_id.hex)
    bank.read(dana, bank.report(about, bank.payment(late.end_to_end_id, reason="XY99")))
    bank.read(dana, bank.camt(paying(late, "LATE"), ident="LATE"))
    confirmed(dana, erin, Kind.PAID)
    never = builders.sent(dana, erin, void)
    why = "The portal refused it"
    proposal = proposals.propose_not_executed(batch=never, by=dana, reason=why)
    proposals.confirm(proposal=proposal, by=erin)
    builders.sent(dana, erin, dear)
    bank.read(dana, bank.camt(paying(dear, "DEAR", more=150), ident="DEAR"))
    confirmed(dana, erin, Kind.PAID_WITH_CHARGE)
    bank.read(dana, bank.camt(paying(dear, "TWICE"), ident="TWICE"))
    confirmed(dana, erin, Kind.PAID)
    bank.read(dana, bank.camt(paying(dear, "BACK", credit=True), ident="BACK"))
    builders.confirm_all(erin)
    bank.read(dana, bank.camt(bank.entry("9.90", "NOTPROVIDED", ref="FEE"), ident="FEE"))
    confirmed(dana, erin, Kind.CHARGE)


def paying(payout: Payout, ref: str, *, more: int = 0, credit: bool = False) -> str:
    """Return a row of the bank's about a payout, over its amount or not."""
    amount = f"{Decimal(payout.amount_minor + more) / 100:.2f}"
    return bank.entry(amount, payout.end_to_end_id, credit=credit, ref=ref)


def confirmed(dana: User, erin: User, kind: "Proposal.Kind") -> None:
    """Let two people decide about the newest row."""
    line = StatementLine.objects.latest("pk")
    proposal = proposals.propose_for_line(line=line, kind=kind, by=dana, reason="The bank told us")
    proposals.confirm(proposal=proposal, by=erin)
