"""A bank's file of the largest size. It is booked before the answer, all of it or nothing, so the
answer may cost more than others do: so much for each megabyte (docs/operator.md).
"""

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from foundation.bank_files.reader import most_bytes, most_rows
from payouts.models import BankStatement
from payouts.tests.bank import camt, entry, payment, report
from payouts.tests.browsers import browser
from testing.costs import LONGEST_CPU_S, cpu_of, slowness, spent_by
from testing.garbage import leave_out_what_lives

pytestmark = pytest.mark.django_db
# As much for each, however many; PROOF=full sends the largest that the site takes.
MEGABYTES = 40 if os.environ.get("PROOF") == "full" else 1
LONGEST_CPU_S_PER_MB = 5.0
ADD = "admin:payouts_bankstatement_add"
CHARGE = "<Rcrd><Amt Ccy='EUR'>1.00</Amt></Rcrd>"


@pytest.fixture(autouse=True)
def most(settings: object) -> None:
    settings.STATEMENT_MAX_MB = MEGABYTES  # type: ignore[attr-defined]  # pytest-django's


def full(unit: str, around: bytes) -> bytes:
    """Return a file as large as may be: one thing again and again where `@` stands."""
    before, after = around.split(b"@")
    return before + unit.encode() * ((most_bytes() - len(around)) // len(unit)) + after


def upload(by: User, data: bytes) -> tuple[str, float]:
    """Return why a file is refused, and what the answer costs."""
    client, file = browser(by), SimpleUploadedFile("s.xml", data)
    answers: list[Any] = []
    before = slowness()
    leave_out_what_lives()
    spent = spent_by(lambda: answers.append(client.post(reverse(ADD), {"file": file})))
    spent /= max(before, slowness())  # neighbours come and go
    [answer] = answers
    assert answer.status_code in {302, 422}
    said = re.search(r"[^>]*Nothing was booked", answer.content.decode())
    return said[0] if said else "", spent


BOOKED: dict[str, Callable[[], bytes]] = {
    "rows": lambda: full(entry("12.00", "E2E"), camt("@")),
    "elements": lambda: full("<a/>", camt("@")),
    "elements of a row": lambda: full("<a/>", camt(entry("1.00", "E", extra="@"))),
    "statements": lambda: full("<Stmt/>", camt().replace(b"</Stmt>", b"</Stmt>@")),
    "balances": lambda: full("<Bal/>", camt("@")),
    "charges": lambda: full(
        CHARGE, camt(entry("1.00", "E", extra="@").replace("@", "<Chrgs>@</Chrgs>"))
    ),
    "letters": lambda: full("a", camt("<a>@</a>")),
    "letters of an id": lambda: full("a", camt(entry("1.00", "@"))),
    "attributes": lambda: full("<a b='1' c='2'/>", camt("@")),
    "blanks": lambda: full(" ", camt("@")),
}
REFUSED: dict[str, Callable[[], bytes]] = {
    "rows of another account": lambda: full(entry("1.00", "E"), camt("@", iban="DE00")),
    "payments of another file": lambda: full(payment("E" * 90), report("X", "@")),
    "empty rows": lambda: full("<Ntry/>", camt("@")),
    "empty payments": lambda: full("<TxDtls/>", camt("<Ntry><NtryDtls>@</NtryDtls></Ntry>")),
    "short payments of a report": lambda: full(
        "<TxInfAndSts><TxSts>A</TxSts></TxInfAndSts>", report("X", "@")
    ),
}


@pytest.mark.parametrize("name", BOOKED)
def test_the_largest_statement_is_booked_at_a_bounded_cost(dana: User, name: str) -> None:
    refusal, spent = upload(dana, BOOKED[name]())
    assert not refusal
    assert spent < LONGEST_CPU_S_PER_MB * MEGABYTES
    assert BankStatement.objects.count() == 1


@pytest.mark.parametrize("name", REFUSED)
def test_the_largest_file_is_refused_at_a_bounded_cost(dana: User, name: str) -> None:
    refusal, spent = upload(dana, REFUSED[name]())
    assert refusal
    assert spent < LONGEST_CPU_S_PER_MB * MEGABYTES
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("name", ["empty rows", "empty payments", "short payments of a report"])
def test_a_file_of_more_rows_than_a_bank_writes_is_refused(dana: User, name: str) -> None:
    refusal, _spent = upload(dana, REFUSED[name]())
    assert f"more than {most_rows():,} rows" in refusal


@pytest.mark.parametrize("start", [b"", b"<a>", b"<Document xmlns='urn:x'>", b"<!DOCTYPE a>"])
def test_what_is_no_statement_is_refused_at_its_start(dana: User, start: bytes) -> None:
    data = start + b"<a/>" * ((most_bytes() - 100) // 4)
    client, address = browser(dana), reverse(ADD)

    def send(file: bytes) -> None:
        answer = client.post(address, {"file": SimpleUploadedFile("s.xml", file)})
        assert answer.status_code == 422

    send(b"x")
    least = cpu_of(send, b"x")
    assert cpu_of(send, data) < LONGEST_CPU_S * MEGABYTES + least
