"""The bank's file is one by its schema, or there is none."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from payouts.rails.bank_file import pain001
from payouts.rails.base import Instruction

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
GOOD = Instruction(
    end_to_end_id="P1",
    holder="Bob Harbour",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
    address=None,
    amount_minor=1_250,
    words="Payout",
)


def file_of(instruction: Instruction) -> bytes:
    return pain001.render(batch_id="7" * 32, at=AT, currency="EUR", instructions=[instruction])


def test_what_the_schema_knows_is_a_file_and_the_same_each_time() -> None:
    file = file_of(GOOD)
    assert b"<InstdAmt" in file
    assert file_of(GOOD) == file


@pytest.mark.parametrize(
    "wrong", [{"end_to_end_id": "x" * 36}, {"iban": "DE02 1203"}, {"bic": "?"}, {"words": ""}]
)
def test_what_the_schema_refuses_is_no_file(wrong: dict[str, Any]) -> None:
    with pytest.raises(pain001.Refused):
        file_of(replace(GOOD, **wrong))
