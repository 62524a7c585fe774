"""Monthly statements: what they count, and the email that comes once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conftest import give_coins, person
from testing.threads import meet_after, together
from wallet.coins.balance import coin_balance
from wallet.documents import issuing
from wallet.documents.content import in_words
from wallet.models import StatementEmail
from wallet.statements import emails, months
from wallet.statements.content import content_of, pdf_of
from wallet.tests.stage import paid, refunded, spend

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def lines(fan: User, first: date) -> dict[str, str]:
    section = content_of(months.month_of(fan, first), in_words).sections[0]
    return {str(name): str(coins) for name, coins in [*section.rows, section.total]}


@pytest.mark.django_db
def test_a_month_goes_from_opening_to_closing(carol: User) -> None:
    purchase = paid(carol)
    spend(carol, 250, kind="test")
    refunded(purchase, 100)
    give_coins(carol, 5)
    now = months.this_month()
    assert lines(carol, now) == {
        "At the beginning": "0",
        "Bought": "+1,005",
        "Sent as gifts": "-250",
        "Given back for a refund": "-100",
        "Now": "655",
    }
    month = months.month_of(carol, now)
    assert month.closing == sum(coin_balance(carol).values())
    after = months.month_of(carol, months.after(now))
    assert (after.opening, after.is_empty) == (655, True)
    assert months.month_of(carol, months.before(now)).is_empty


@pytest.mark.django_db
def test_money_is_listed_by_document_and_summed_by_currency(carol: User) -> None:
    refunded(paid(carol), 100)
    issuing.issue_due()
    content = content_of(months.month_of(carol, months.this_month()), in_words)
    (euro,) = content.sections[1:]
    assert [[str(cell) for cell in row[1:]] for row in euro.rows] == [
        [str(document), *figures]
        for document, figures in zip(
            carol.purchases.get().documents.order_by("pk"),
            (["€9.74", "€1.85", "€11.59"], ["-€0.98", "-€0.19", "-€1.17"]),
            strict=True,
        )
    ]
    assert [str(cell) for cell in euro.total[2:]] == ["€8.76", "€1.66", "€10.42"]


@pytest.mark.parametrize(
    ("name", "first"),
    [("2026-11", NOVEMBER), ("2026-13", None), ("2026-00", None), ("1999-01", None), ("x", None)],
)
def test_an_address_names_a_month_or_nothing(name: str, first: date | None) -> None:
    assert months.month_named(name) == first


def test_months_follow_each_other_over_the_year() -> None:
    assert months.after(DECEMBER) == date(2027, 1, 1)
    assert months.before(date(2027, 1, 1)) == DECEMBER
    assert months.end_of(date(2028, 2, 1)) == datetime(2028, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_a_fan_sees_their_own_months_and_no_others(carol: User, client: Client) -> None:
    paid(carol)
    issuing.issue_due()
    client.force_login(carol)
    name = f"{months.this_month():%Y-%m}"
    listed = client.get("/wallet/statements/").content.decode()
    assert f"/wallet/statements/{name}/" in listed and "1,000 coins bought" in listed
    page = client.get(f"/wallet/statements/{name}/").content.decode()
    assert "Statement" in page and "€11.59" in page and "SANDBOX" in page
    file = client.get(f"/wallet/statements/{name}/pdf/")
    assert file.content == pdf_of(months.month_of(carol, months.this_month()))
    for wrong in ("2001-01", "9998-12", "nonsense", f"{months.after(months.this_month()):%Y-%m}"):
        assert client.get(f"/wallet/statements/{wrong}/").status_code == 404
    client.force_login(person("newcomer"))
    assert "€11.59" not in client.get(f"/wallet/statements/{name}/").content.decode()


# --- The monthly email -----------------------------------------------------------------------


@contextmanager
def on(patch: pytest.MonkeyPatch, at: datetime) -> Iterator[None]:
    with patch.context() as patched:
        patched.setattr(timezone, "now", lambda: at)
        yield


def the_first_after_now() -> datetime:
    return months.end_of(months.this_month()) + timedelta(days=1)


def plan_and_make_due(patch: pytest.MonkeyPatch) -> int:
    """Plan the emails of the present month as if it were over, and make them due."""
    with on(patch, the_first_after_now()):
        planned = emails.plan()
    StatementEmail.objects.update(due_at="2026-01-01T00:00:00Z")
    return planned


@pytest.mark.django_db
def test_the_month_is_emailed_once_to_whom_something_happened(
    carol: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refunded(paid(carol), 100)
    spend(carol, 50)
    issuing.issue_due()
    give_coins(person("later"), 1)
    User.objects.filter(handle="later").update(date_joined=the_first_after_now())
    assert plan_and_make_due(monkeypatch) == 2
    with on(monkeypatch, the_first_after_now()):
        assert emails.plan() == 0
    assert emails.send_due() == 2
    assert emails.send_due() == 0
    sent = next(m for m in mail.outbox if m.to == [carol.email])
    assert sent.subject.startswith("[SANDBOX] Your ")
    for part in ("SANDBOX", "Bought: +1,000", "Sent as gifts: -50", "Given back", "850"):
        assert part in sent.body, part
    assert "You paid €10.42: €8.76 and €1.66 tax" in sent.body
    assert "/account/settings/#emails" in sent.body
    ((name, file, _kind),) = sent.attachments
    assert name.startswith("SANDBOX-statement-") and file.startswith(b"%PDF")


@pytest.mark.django_db
def test_who_turned_it_off_gets_none_even_after_it_was_planned(
    carol: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(carol)
    assert plan_and_make_due(monkeypatch) == 1
    client.force_login(carol)
    client.post("/account/settings/emails/", {})
    assert emails.send_due() == 0
    assert mail.outbox == []
    assert StatementEmail.objects.get().due_at is None
    StatementEmail.objects.all().delete()
    assert plan_and_make_due(monkeypatch) == 0


@pytest.mark.django_db
def test_a_month_without_anything_is_not_told(carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    paid(carol)
    later = months.after(months.this_month())
    StatementEmail.objects.create(user=carol, month=later, due_at="2026-01-01T00:00:00Z")
    assert emails.send_due() == 0
    assert mail.outbox == []
    row = StatementEmail.objects.get()
    assert (row.due_at, row.sent_at) == (None, None)


@pytest.mark.parametrize(
    ("country", "due"),
    [
        ("DE", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("US", datetime(2026, 12, 1, 19, tzinfo=UTC)),  # Hawaii's morning
        ("JP", datetime(2026, 12, 1, 1, tzinfo=UTC)),  # nine there is the month's last minute
        ("KI", datetime(2026, 12, 1, 1, tzinfo=UTC)),
        ("", datetime(2026, 12, 1, 1, tzinfo=UTC)),
    ],
)
def test_it_leaves_in_the_morning_of_the_first_where_the_fan_lives(
    country: str, due: datetime
) -> None:
    at = emails.due_at(NOVEMBER, country)
    assert at >= months.end_of(NOVEMBER) + emails.SETTLED_AFTER
    assert at == due


@pytest.mark.django_db
def test_the_database_keeps_one_row_a_month(carol: User) -> None:
    StatementEmail.objects.create(user=carol, month=NOVEMBER)
    with pytest.raises(IntegrityError, match="one_statement_email_per_month"), transaction.atomic():
        StatementEmail.objects.create(user=carol, month=NOVEMBER)
    with pytest.raises(IntegrityError, match="month_is_its_first_day"), transaction.atomic():
        StatementEmail.objects.create(user=carol, month=date(2026, 11, 2))


def test_workers_at_once_plan_and_send_each_month_once(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        paid(person(f"fan{n}"), 100)
    with on(monkeypatch, the_first_after_now()):
        meet_after(monkeypatch, months, "before")
        together(lambda n: emails.plan(), 4)
    assert StatementEmail.objects.count() == 4
    StatementEmail.objects.update(due_at="2026-01-01T00:00:00Z")
    assert sum(together(lambda n: emails.send_due(), 4)) == 4
    assert sorted(m.to[0] for m in mail.outbox) == [f"fan{n}@example.com" for n in range(4)]
