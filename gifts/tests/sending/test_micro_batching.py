"""Callers that meet go together: alone at once, bounded, each answered for itself."""

import uuid
from collections.abc import Callable, Sequence
from threading import Event as Flag
from threading import Lock, Thread, get_ident
from typing import Any

import pytest
from django.db import transaction

import ledger
from accounts.models import Creator, User
from conftest import give_coins, person
from foundation.errors import DomainError
from gifts.models import SentGift
from gifts.sending import micro_batching
from gifts.sending import send as sending
from gifts.sending.micro_batching import MicroBatcher
from gifts.sending.send import Send, Sent, call_micro_batched, outcome_of
from ledger import checks
from live.models import Event, Stream
from live.streams.services import go_live
from testing.threads import together

LONG = 60.0  # nothing here waits for it: a forgotten caller is a thread that never ends


class Counter:
    """Doubles numbers; the first batch is held until it is let go. Remembers who asked what."""

    def __init__(self) -> None:
        self.sets: list[list[int]] = []
        self.leaders: list[int] = []
        self.began, self.go = Flag(), Flag()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.sets.append(list(numbers))
        self.leaders.append(get_ident())
        if len(self.sets) == 1:
            self.began.set()
            assert self.go.wait(LONG)
        if len(numbers) > 1 and 13 in numbers:
            raise LookupError("a batch with 13 in it")
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


def open_counter() -> Counter:
    """Return one that holds no send up."""
    counter = Counter()
    counter.go.set()
    return counter


class Caller(Thread):
    """Calls with one number and keeps what came back."""

    def __init__(self, combined: Callable[[int], int], number: int) -> None:
        super().__init__(daemon=True)
        self.combined, self.number = combined, number
        self.got: int | Exception | None = None

    def run(self) -> None:
        try:
            self.got = self.combined(self.number)
        except Exception as error:
            self.got = error


def waiting(combiner: MicroBatcher[Any, Any]) -> int:
    with combiner._lock:
        return len(combiner._queue)


def meet(
    counter: Counter, combiner: MicroBatcher[int, int], numbers: Sequence[int]
) -> list[Caller]:
    """Let the first call begin, the others arrive while it runs, in this order; return them all."""
    callers = [Caller(combiner, number) for number in numbers]
    callers[0].start()
    assert counter.began.wait(LONG)
    for place, caller in enumerate(callers[1:], start=1):
        caller.start()
        while waiting(combiner) < place:
            Flag().wait(0.001)
    return callers


def finish(callers: Sequence[Caller]) -> list[int | Exception | None]:
    for caller in callers:
        caller.join(LONG / 2)
        assert not caller.is_alive()
    return [caller.got for caller in callers]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(micro_batching, "PATIENCE_S", LONG)


def test_a_lone_caller_runs_at_once_alone_in_its_own_thread() -> None:
    counter = open_counter()
    combiner = MicroBatcher(counter)
    assert [combiner(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert counter.sets == [[1], [2], [3]]
    assert set(counter.leaders) == {get_ident()}


def test_who_arrives_during_a_run_goes_together_in_the_next() -> None:
    counter = Counter()
    combiner = MicroBatcher(counter)
    callers = meet(counter, combiner, [1, 2, 3, 4])
    assert counter.sets == [[1]]
    counter.go.set()
    assert finish(callers) == [2, 4, 6, 8]
    assert counter.sets == [[1], [2, 3, 4]]


def test_no_batch_is_larger_than_it_may_be_and_the_lead_is_handed_over() -> None:
    counter = Counter()
    combiner = MicroBatcher(counter, most=3)
    callers = meet(counter, combiner, range(9))
    counter.go.set()
    assert finish(callers) == [2 * number for number in range(9)]
    assert counter.sets == [[0], [1, 2, 3], [4, 5, 6], [7, 8]]
    # No caller works for others for longer than one batch.
    assert len(set(counter.leaders)) == len(counter.sets)
    assert counter.leaders == [callers[first].ident for first in (0, 1, 4, 7)]


def test_after_the_last_one_the_next_caller_leads_again() -> None:
    counter = Counter()
    combiner = MicroBatcher(counter)
    callers = meet(counter, combiner, [1, 2])
    counter.go.set()
    finish(callers)
    assert combiner(5) == 10
    assert counter.sets[-1] == [5]


def test_when_a_batch_fails_only_the_faulty_one_gets_the_error() -> None:
    counter = Counter()
    combiner = MicroBatcher(counter)
    callers = meet(counter, combiner, [1, 2, 13, 4])
    counter.go.set()
    first, second, faulty, fourth = finish(callers)
    assert (first, second, fourth) == (2, 4, 8)
    assert isinstance(faulty, ValueError)  # what its own try raised, not what the batch raised
    assert counter.sets[:2] == [[1], [2, 13, 4]]
    assert sorted(counter.sets[2:]) == [[2], [4], [13]]
    assert combiner(6) == 12


def test_a_lone_caller_s_error_is_its_own_and_blocks_nobody() -> None:
    combiner = MicroBatcher(open_counter())
    with pytest.raises(ValueError, match="13"):
        combiner(13)
    assert combiner(1) == 2


def test_a_run_that_answers_too_few_leaves_nobody_without_an_answer() -> None:
    began, go = Flag(), Flag()

    def short(numbers: Sequence[int]) -> list[int]:
        began.set()
        assert go.wait(LONG)
        return [2 * number for number in numbers[:1]]

    combiner = MicroBatcher(short)
    callers = [Caller(combiner, number) for number in (1, 2, 3)]
    callers[0].start()
    assert began.wait(LONG)
    for place, caller in enumerate(callers[1:], start=1):
        caller.start()
        while waiting(combiner) < place:
            Flag().wait(0.001)
    go.set()
    first, leader, follower = finish(callers)
    assert (first, follower) == (2, 6)
    assert leader == 4 or isinstance(leader, ValueError)


def test_whose_patience_ends_tries_alone_and_leaves_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(micro_batching, "PATIENCE_S", 0.02)
    counter = Counter()
    combiner = MicroBatcher(counter)
    stuck, impatient = Caller(combiner, 1), Caller(combiner, 2)
    stuck.start()
    assert counter.began.wait(LONG)
    impatient.start()
    assert finish([impatient]) == [4]
    assert stuck.is_alive()
    assert waiting(combiner) == 0
    counter.go.set()
    assert finish([stuck]) == [2]
    assert counter.sets == [[1], [2]]
    assert combiner(3) == 6


def test_who_is_made_the_leader_as_its_patience_ends_leads_all_the_same() -> None:
    """Between giving up and leaving the queue the lead may come: it must not be dropped."""
    counter = open_counter()
    combiner: MicroBatcher[int, int] = MicroBatcher(counter)
    seat: micro_batching.Seat[int, int] = micro_batching.Seat(1)
    combiner._busy = True
    combiner._queue.append(seat)
    combiner._hand_over()
    combiner._leave(seat)
    assert seat.leads
    combiner._lead(seat)
    assert (seat.answered, seat.answer) == (True, 2)
    assert combiner(2) == 4
    assert counter.sets == [[1], [2]]


def test_in_a_crowd_nobody_is_forgotten_and_everybody_gets_their_own() -> None:
    threads, calls = 16, 400
    lock = Lock()
    sizes: list[int] = []
    running = 0
    most_at_once = 0

    def run(numbers: Sequence[int]) -> list[int]:
        nonlocal running, most_at_once
        with lock:
            running += 1
            most_at_once = max(most_at_once, running)
            sizes.append(len(numbers))
        answers = [number + 1 for number in numbers]
        with lock:
            running -= 1
        return answers

    combiner = MicroBatcher(run, most=5)
    wrong: list[int] = []

    def many(first: int) -> int:
        for number in range(first, first + calls):
            if combiner(number) != number + 1:
                wrong.append(number)
        return first

    crowd = [Caller(many, place * calls) for place in range(threads)]
    for caller in crowd:
        caller.start()
    assert finish(crowd) == [place * calls for place in range(threads)]
    assert not wrong
    assert sum(sizes) == threads * calls
    assert max(sizes) <= 5
    assert most_at_once == 1
    assert waiting(combiner) == 0


# --- Sends ------------------------------------------------------------------------------------

AT_ONCE = 16


@pytest.fixture
def room(committed: None) -> tuple[list[User], Stream]:
    creator = person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    fans = [person(f"fan{number}") for number in range(4)]
    for fan in fans:
        give_coins(fan, 100)
    return fans, go_live(creator=creator, title="Night")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many sends went in each statement, as it grows."""
    sizes: list[int] = []
    whole = sending.call

    def watched(sends: Sequence[Send]) -> list[Any]:
        sizes.append(len(sends))
        return whole(sends)

    monkeypatch.setattr(sending, "call", watched)
    monkeypatch.setattr(sending, "_batched", MicroBatcher(watched))
    return sizes


def plans(fans: Sequence[User], stream: Stream) -> list[list[Send]]:
    """Return what each of 16 threads sends, in turn: four to each balance of 100."""
    return [
        [
            Send(
                fan=fans[thread % 4],
                stream=stream,
                gift=gift,
                # Two threads of each fan share the key of their pebbles.
                key=uuid.uuid5(uuid.NAMESPACE_OID, f"{thread % 8}")
                if gift == "pebble"
                else uuid.uuid4(),
            )
            for gift in ("pebble", "pocket-rain", "no-such", "moss-frog")
        ]
        for thread in range(AT_ONCE)
    ]


@pytest.mark.parametrize("combined", [True, False])
def test_combined_or_not_the_answers_are_the_same(
    room: tuple[list[User], Stream], asked: list[int], combined: bool, settings: Any
) -> None:
    settings.MICRO_BATCHING = combined
    fans, stream = room
    threads = plans(fans, stream)
    answers = together(
        lambda thread: [outcome_of(call_micro_batched(send)) for send in threads[thread]], AT_ONCE
    )

    assert (max(asked) > 1) == combined
    for sends, outcomes in zip(threads, answers, strict=True):
        for send, outcome in zip(sends, outcomes, strict=True):
            if isinstance(outcome, Sent):
                # Each has the answer to its own send, whichever thread called the database.
                assert outcome.gift.public_id == send.key
                assert outcome.gift.fan_id == send.fan.pk
            else:
                assert outcome.code == "unknown_gift" if send.gift == "no-such" else True
    pebbles = [outcomes[0] for outcomes in answers]
    assert sorted(sent.already for sent in pebbles) == [False] * 8 + [True] * 8
    for place, fan in enumerate(fans):
        mine = [outcome for outcomes in answers[place::4] for outcome in outcomes]
        spent = sum(o.gift.coins for o in mine if isinstance(o, Sent) and not o.already)
        refused = {o.code for o in mine if isinstance(o, DomainError)}
        assert ledger.balance("coins", "COIN", fan.pk) == 100 - spent
        assert spent > 60  # of 40s and 25s nothing that fits was refused
        assert refused == {"unknown_gift", "insufficient_coins"}
    rows = SentGift.objects.count()
    assert Event.objects.filter(kind="gift").count() == rows
    assert not checks.run()


def test_in_a_transaction_a_send_is_never_combined(
    room: tuple[list[User], Stream], asked: list[int], settings: Any
) -> None:
    """A leader would commit what the caller may yet roll back."""
    settings.MICRO_BATCHING = True
    fans, stream = room
    used = Flag()
    sending._batched = MicroBatcher(lambda sends: used.set() or sending.call(sends))  # type: ignore[func-returns-value]
    send = Send(fan=fans[0], stream=stream, gift="moss-frog", key=uuid.uuid4())
    with transaction.atomic():
        assert call_micro_batched(send)["outcome"] == "done"
        transaction.set_rollback(True)
    assert not used.is_set()
    assert not SentGift.objects.exists()
    assert call_micro_batched(send)["outcome"] == "done"
    assert used.is_set()


def test_one_faulty_send_costs_the_others_nothing(
    room: tuple[list[User], Stream], asked: list[int], settings: Any
) -> None:
    settings.MICRO_BATCHING = True
    fans, stream = room
    sends = [
        Send(
            fan=fans[number % 4],
            stream=stream,
            gift="a\0b" if number == 5 else "pebble",  # what PostgreSQL's JSON cannot hold
            key=uuid.uuid4(),
        )
        for number in range(AT_ONCE)
    ]

    answers = together(lambda n: call_micro_batched(sends[n]), AT_ONCE, returned=Exception)
    assert isinstance(answers.pop(5), Exception)
    assert {answer["outcome"] for answer in answers} <= {"done", "already"}
    assert SentGift.objects.count() == AT_ONCE - 1
    assert not checks.run()
