"""Numbers without gaps while many draw at once, and a worker that dies between two steps.

Each race has its control without our lock.
"""

import threading
from collections import defaultdict
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.db.models import Max
from django.db.models.query import QuerySet

from conftest import person
from testing.threads import meet_after, together
from wallet.documents import emails, issuing
from wallet.models import Document, DocumentSeries, Purchase
from wallet.tests.stage import paid, refunded

RACERS = 6
LATER = "2026-01-01T00:00:00Z"


class Killed(BaseException):
    """What a test kills a worker with: nothing catches it."""


def orders(count: int, name: str) -> list[Purchase]:
    fans = [person(f"{name}{n}") for n in range(count)]
    return [paid(fan, 100) for fan in fans]


def numbers() -> dict[str, list[int]]:
    found = defaultdict(list)
    for series, number in Document.objects.order_by("number").values_list("series", "number"):
        found[series].append(number)
    return dict(found)


def test_two_series_at_once_have_no_gap_and_no_double(committed: None) -> None:
    """Receipts and credit notes, each asked for by several workers at the same moment."""
    for purchase in orders(8, "old"):
        issuing.issue_receipt(purchase.pk)
        refunded(purchase, 10)
    orders(8, "new")
    together(lambda n: issuing.issue_due(), RACERS)
    assert sorted(map(len, numbers().values())) == [8, 16]
    assert all(drawn == list(range(1, len(drawn) + 1)) for drawn in numbers().values())
    assert {(s.name, s.last) for s in DocumentSeries.objects.all()} == {
        (name, len(drawn)) for name, drawn in numbers().items()
    }


def test_payments_captured_at_once_are_numbered_without_gaps(committed: None) -> None:
    """Capturing and issuing side by side, as on a busy day."""
    fans = [person(f"buyer{n}") for n in range(RACERS)]

    def buy_and_issue(n: int) -> None:
        for _ in "123":
            paid(fans[n], 100)
            issuing.issue_due()

    together(buy_and_issue, RACERS)
    issuing.issue_due()
    (drawn,) = numbers().values()
    assert drawn == list(range(1, 3 * RACERS + 1))


def draw_without_lock(series: str) -> int:
    newest = Document.objects.filter(series=series).aggregate(newest=Max("number"))["newest"]
    return int(newest or 0) + 1


def issue_each(waiting: list[Purchase]) -> list[Any]:
    """Issue one receipt in each thread; refusals are answers."""
    return together(
        lambda n: issuing.issue_receipt(waiting[n].pk), len(waiting), returned=IntegrityError
    )


def test_control_without_the_series_row_two_draw_the_same_number(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "draw", draw_without_lock)
    meet_after(monkeypatch, issuing, "draw")
    answers = issue_each(orders(RACERS, "control"))
    assert any(isinstance(answer, IntegrityError) for answer in answers)


def test_with_the_series_row_who_draws_next_waits(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, issuing, "draw")
    answers = issue_each(orders(RACERS, "waits"))
    assert sorted(answer.number for answer in answers) == list(range(1, RACERS + 1))


def test_workers_at_one_order_issue_it_once(committed: None) -> None:
    (purchase,) = orders(1, "one")
    answers = together(lambda n: issuing.issue_receipt(purchase.pk), RACERS)
    assert [a for a in answers if a is not None] == [Document.objects.get()]
    assert DocumentSeries.objects.get().last == 1


def test_control_without_the_orders_lock_the_database_refuses_the_second(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refuses and gives the number back: the last guard leaves no gap either."""
    (purchase,) = orders(1, "refused")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    meet_after(monkeypatch, issuing, "_seller")
    answers = together(
        lambda n: issuing.issue_receipt(purchase.pk), RACERS, returned=IntegrityError
    )
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == RACERS - 1
    assert DocumentSeries.objects.get().last == Document.objects.get().number == 1


def killed_in(patch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """Kill the worker at this step, once."""
    original, alive = getattr(where, name), threading.Event()

    def step(*args: Any, **kwargs: Any) -> Any:
        if not alive.is_set():
            alive.set()
            raise Killed
        return original(*args, **kwargs)

    patch.setattr(where, name, step)


def test_a_number_drawn_by_a_worker_that_dies_is_drawn_again(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(2, "dies")
    killed_in(monkeypatch, Document, "save")
    with pytest.raises(Killed):
        issuing.issue_due()
    connection.close()
    assert issuing.issue_due() == 2
    assert list(numbers().values()) == [[1, 2]]


def test_killed_between_issue_and_email_it_is_emailed_under_its_one_number(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(1, "unsent")
    issuing.issue_due()
    killed_in(monkeypatch, emails, "send")
    with pytest.raises(Killed):
        emails.send_due()
    assert mail.outbox == []
    assert emails.send_due() == 0  # the dead worker's lease
    Document.objects.update(due_at=LATER)
    issuing.issue_due()
    assert emails.send_due() == 1
    assert emails.send_due() == 0
    assert [m.subject for m in mail.outbox] == [f"[SANDBOX] {Document.objects.get()}"]
    assert list(numbers().values()) == [[1]]


def test_killed_after_the_email_it_is_sent_twice_rather_than_never(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(1, "twice")
    issuing.issue_due()
    original = emails.send

    def then_die(document: Document) -> None:
        original(document)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(emails, "send", then_die)
        with pytest.raises(Killed):
            emails.send_due()
    Document.objects.update(due_at=LATER)
    assert emails.send_due() == 1
    assert len(mail.outbox) == 2
    assert len({attached[1] for m in mail.outbox for attached in m.attachments}) == 1


def test_workers_at_once_email_each_document_once(committed: None) -> None:
    orders(4, "mail")
    issuing.issue_due()
    assert sum(together(lambda n: emails.send_due(), RACERS)) == 4
    assert len(mail.outbox) == 4
