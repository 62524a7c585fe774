"""The evidence for a bank: where each gift was seen, and who got it."""

import pytest

from accounts.models import Creator, User
from conftest import person
from gifts.clawback import evidence
from gifts.tests.on_replay import moment_of, over
from gifts.tests.to_guests import send
from live.models import Stream
from live.tests.guests import open_to, seated

pytestmark = pytest.mark.django_db


def place(sent: object) -> str:
    return evidence._row(sent, 25)[2]  # type: ignore[arg-type]


def test_a_bank_reads_the_room_and_not_another_one_of_the_guests(
    alice: User, stream: Stream
) -> None:
    nora = person("nora", is_creator=True)
    Creator.objects.create(user=nora)
    open_to(stream.creator)
    seated(stream, nora)
    assert place(send(alice, stream, None)) == f"{stream.title} (@bob)"
    assert place(send(alice, stream, nora)) == f"{stream.title} (@bob), to the guest @nora"


def test_a_bank_reads_that_a_gift_was_sent_on_a_replay(alice: User, bob: User) -> None:
    ended = over(bob)
    sent = send(alice, ended, None, moment=moment_of(ended, 60))
    assert place(sent) == "Last night (@bob), replay"
