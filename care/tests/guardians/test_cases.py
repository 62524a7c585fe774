"""A guardian opens a case without an account, confirms the address, and follows it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from care.guardians import decisions, emails, following
from care.models import GuardianCase, GuardianLink, GuardianStep
from care.tests.guardians.stage import EMAIL, opened, page_of, subjects, tokens, told

pytestmark = pytest.mark.django_db
State = GuardianCase.State
FORM = "/guardian/"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def test_a_guardian_opens_a_case_and_confirms_the_address(client: Client) -> None:
    answer = client.post(FORM, told())
    assert (answer.status_code, answer["Location"]) == (302, reverse("care:sent"))
    case = GuardianCase.objects.get()
    assert (case.state, case.story.count("\n")) == (State.UNCONFIRMED, 1)
    (token,) = tokens()
    page = client.get(page_of(token))
    assert "Yes, this is my email" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    client.post(reverse("care:confirm", args=[token]))
    case.refresh_from_db()
    assert case.state == State.OPEN
    client.post(reverse("care:confirm", args=[token]))  # twice is once
    assert subjects() == [
        f"Confirm your email: case {case.number}",
        f"We have your case {case.number}",
    ]
    page = client.get(page_of(token))
    assert "answers within 5 days" in page.content.decode()


def test_a_look_at_the_link_confirms_nothing(client: Client) -> None:
    """Mail servers open links."""
    client.post(FORM, told())
    client.get(page_of(tokens()[0]))
    assert GuardianCase.objects.get().state == State.UNCONFIRMED


def test_nobody_learns_whether_an_account_exists(client: Client, alice: User) -> None:
    answers = []
    for named in (alice.handle, alice.email, "nobody_at_all"):
        answer = client.post(FORM, told(account_named=named))
        answers.append((answer.status_code, answer.content, answer["Location"]))
    assert len(set(answers)) == 1
    tokens()
    bodies = {m.body.split("/guardian/")[0].split("case is")[0] for m in mail.outbox}
    assert len(bodies) == 1


def test_the_database_keeps_no_address_of_a_case(client: Client) -> None:
    client.post(FORM, told())
    (token,) = tokens()
    assert token not in str(list(GuardianLink.objects.values_list()))
    assert client.get(page_of(token[::-1])).status_code == 404
    assert client.get(page_of(GuardianLink.objects.get().token_hash)).status_code == 404


def test_the_first_mail_says_nothing_that_a_stranger_wrote(client: Client) -> None:
    client.post(FORM, told(name="Buy at evil.example", story="evil.example", phone="evil.example"))
    tokens()
    assert "evil" not in f"{mail.outbox[0].subject}{mail.outbox[0].body}"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account_named": "", "order_named": ""}, "account_named"),
        ({"account_named": "\u200b", "order_named": " "}, "account_named"),
        ({"child_age": 18}, "child_age"),
        ({"child_age": -1}, "child_age"),
        ({"child_age": ""}, "child_age"),
        ({"story": ""}, "story"),
        ({"story": "\u200b"}, "story"),
        ({"story": "x" * 2_001}, "story"),
        ({"statement_digits": "42424"}, "statement_digits"),
        ({"statement_digits": "12a4"}, "statement_digits"),
        ({"name": "\u2060"}, "name"),
        ({"email": "robin"}, "email"),
        ({"relation": "king"}, "relation"),
        ({"phone": "1" * 41}, "phone"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    client: Client, wrong: dict[str, object], field: str
) -> None:
    answer = client.post(FORM, told(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not GuardianCase.objects.exists()


def test_an_address_cannot_be_filled_with_our_mail(client: Client) -> None:
    for _turn in range(4):
        assert client.post(FORM, told(email=EMAIL.upper())).status_code == 302
    assert GuardianCase.objects.count() == 3
    assert len(subjects()) == 3


def test_one_place_opens_few_cases_an_hour(client: Client) -> None:
    answers = [client.post(FORM, told(email=f"p{n}@example.org")).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]
    assert GuardianCase.objects.count() == 5


def test_what_nobody_confirms_is_thrown_away() -> None:
    case = GuardianCase.objects.create(**told())
    GuardianStep.objects.create(case=case, kind="asked")
    assert following.forget() == 0
    GuardianCase.objects.update(created_at=timezone.now() - timedelta(days=8))
    following.forget()
    assert not GuardianCase.objects.exists()


def test_a_case_of_an_address_that_nobody_confirmed_is_not_open() -> None:
    GuardianCase.objects.create(**told())
    with pytest.raises(IntegrityError, match="confirmed_email"), transaction.atomic():
        GuardianCase.objects.update(state=State.OPEN)


def test_personal_data_goes_when_the_case_was_closed_long_enough(dana: User) -> None:
    case = decisions.reject(case=opened(), answer="The card is not of this account.", by=dana)
    tokens()
    assert following.forget() == 0
    GuardianCase.objects.update(closed_at=timezone.now() - timedelta(days=179))
    assert following.forget() == 0
    GuardianCase.objects.update(closed_at=timezone.now() - timedelta(days=181))
    assert following.forget() == 1
    case.refresh_from_db()
    assert case.redacted_at
    kept = str(GuardianCase.objects.values().get())
    for gone in ("Robin", EMAIL, "daughter", "4242", "kim", "card"):
        assert gone not in kept
    assert (case.child_age, case.decided_by, GuardianLink.objects.count()) == (None, dana, 0)
    assert following.forget() == 0
    with pytest.raises(IntegrityError, match="redacted_says_nothing"), transaction.atomic():
        GuardianCase.objects.update(name="Robin")


def test_an_email_that_fails_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError

    opened()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", away)
        assert subjects() == []
    assert emails.send_due() == 0  # it waits a little
    GuardianStep.objects.update(due_at=timezone.now())
    assert len(subjects()) == 2
