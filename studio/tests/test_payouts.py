"""The creator's pages: what is shown, to whom, and what a press does."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from conftest import person
from ledger.models import LedgerCheck
from payouts.methods import bank_accounts
from payouts.models import Payout, PayoutMethod
from payouts.requests import services
from payouts.tests.browsers import browser, confirmed
from payouts.tests.builders import (
    DUTCH,
    answered,
    bank_account,
    came_back,
    fresh,
    give_diamonds,
    ready,
    requested,
    sent,
)


def page(client: Client, name: str, *args: object, **data: str) -> str:
    return client.get(reverse(name, args=args), data).content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("</?time[^>]*>", "", html)).split())


def test_the_first_page_says_what_there_is_and_what_it_pays(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 12_000)
    seen = words(page(browser(bob), "studio:payouts"))
    assert "12,000" in seen
    assert "You get €81.81" in seen
    assert "1 diamond pays €0.0068175 · no fee" in seen
    assert "1 USD = 0.909 EUR, since 1 Jan 2026" in seen
    assert "NL91 **** 4300" in seen
    assert DUTCH not in seen


def test_without_an_account_the_page_asks_for_one(bob: User) -> None:
    give_diamonds(bob, 12_000)
    assert "Add your bank account" in page(browser(bob), "studio:payouts")


def test_with_too_little_the_page_says_how_much_is_missing(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 500)
    seen = words(page(browser(bob), "studio:payouts"))
    assert "The smallest payout is 1,334 diamonds. You have 500 available." in seen


def test_a_request_leads_to_its_page(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    form = {"diamonds": "5000", "key": str(uuid.uuid4())}
    client = browser(bob)
    for _press in range(2):
        answer = client.post(reverse("studio:request_payout"), form)
        assert answer.status_code == 302
    payout = Payout.objects.get()
    assert answer["Location"] == reverse("studio:payout", args=[payout.public_id])
    assert "5,000 diamonds at €0.0068175 each" in words(
        client.get(answer["Location"]).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("10", 422, "The smallest payout is 1,334 diamonds"),
        ("6000", 409, "You have 5,000 diamonds available"),
        ("", 422, "Enter an amount of diamonds."),
        ("-3", 422, "Enter a whole number"),
        ("3.5", 422, "Enter a whole number"),
        ("1e9", 422, "Enter a whole number"),
        ("<b>", 422, "Enter a whole number"),
    ],
)
def test_a_refused_request_keeps_the_page_and_says_why(
    bob: User, typed: str, status: int, sentence: str
) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    answer = browser(bob).post(
        reverse("studio:request_payout"), {"diamonds": typed, "key": str(uuid.uuid4())}
    )
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "<b>" not in answer.content.decode()
    assert not Payout.objects.exists()


def test_the_preview_is_exact_and_survives_nonsense(bob: User) -> None:
    client = browser(bob)
    assert "€68.18" in page(client, "studio:payout_quote", diamonds="10000")
    assert "The smallest payout is 1,334" in page(client, "studio:payout_quote", diamonds="1333")
    for typed in ("", "-1", "1.5", "٣", "9" * 40, "<script>", "²"):
        assert "Enter a number of diamonds" in page(client, "studio:payout_quote", diamonds=typed)


def test_everybody_else_sees_nothing(bob: User, carol: User) -> None:
    payout = requested(bob)
    carol.is_creator = True
    carol.save()
    bank_account(carol)
    stranger = browser(carol)
    for name in ("studio:payout", "studio:cancel_payout", "studio:pay_out_again"):
        url = reverse(name, args=[payout.public_id])
        answer = (
            stranger.get(url)
            if name == "studio:payout"
            else stranger.post(url, {"key": uuid.uuid4()})
        )
        assert answer.status_code == 404
    assert "68.18" not in page(stranger, "studio:payouts")
    assert fresh(payout).state == Payout.State.REQUESTED


def test_a_person_who_is_no_creator_is_invited_to_become_one(alice: User) -> None:
    for name in ("studio:payouts", "studio:payouts_panel", "studio:bank_account"):
        assert reverse("studio:join") in browser(alice).get(reverse(name)).content.decode()


def test_signed_out_is_signed_out(db: None) -> None:
    answer = Client().get(reverse("studio:payouts"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_bank_details_need_the_password_again(bob: User) -> None:
    client = browser(bob)
    url = reverse("studio:bank_account")
    assert reverse("account_reauthenticate") in client.get(url)["Location"]
    answer = client.post(url, {"holder": "Bob", "iban": DUTCH})
    assert answer.status_code == 302
    assert not PayoutMethod.objects.exists()
    assert DUTCH not in str(dict(client.session.items()))
    answer = client.post(reverse("studio:remove_bank_account"))
    assert answer.status_code == 302


def test_an_iban_never_travels_in_an_address(bob: User) -> None:
    bank_account(bob)
    html = page(confirmed(bob), "studio:bank_account")
    forms = re.findall(r"<form[^>]*>", html)
    assert forms
    assert all('method="post"' in form for form in forms if "logout" not in form)
    assert "NL91 **** 4300" in html


def test_adding_an_account(bob: User) -> None:
    client = confirmed(bob)
    answer = client.post(
        reverse("studio:bank_account"), {"holder": "Bob Harbour", "iban": "nl91 abna 0417 1643 00"}
    )
    assert answer["Location"] == reverse("studio:payouts")
    method = bank_accounts.method_of(bob)
    assert method is not None and bank_accounts.iban_of(method) == DUTCH


@pytest.mark.parametrize(
    ("iban", "sentence"),
    [
        ("NL92ABNA0417164300", "This IBAN has a typo"),
        ("TR330006100519786457841326", "SEPA area, which doesn&#x27;t include TR"),
        ("XX00 1234", "start with XX"),
    ],
)
def test_a_wrong_account_says_why(bob: User, iban: str, sentence: str) -> None:
    answer = confirmed(bob).post(reverse("studio:bank_account"), {"holder": "Bob", "iban": iban})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


SWISS = "CH9300762011623852957"
ABROAD = {"holder": "Jörg Müller", "iban": SWISS, "bic": "POFICHBE"}


def test_the_page_says_how_the_bank_will_get_the_name(bob: User) -> None:
    client = confirmed(bob)

    def said(**typed: str) -> str:
        answer = client.post(reverse("studio:bank_account_fields"), typed)
        assert answer.status_code == 200
        return words(answer.content.decode())

    assert "Your bank will get: Joerg Mueller ." in said(holder=" Jörg  Müller", iban="")
    assert said(holder="Bob Harbour", iban=DUTCH) == ""
    assert "in Latin letters" in said(holder="محمد علي")
    assert "Town" not in said(holder="Bob", iban=DUTCH)
    assert "Town" in said(holder="Bob", iban="ch 93")
    assert not PayoutMethod.objects.exists()
    refused = client.post(reverse("studio:bank_account"), {"holder": "-", "iban": DUTCH})
    assert "account holder&#x27;s name" in refused.content.decode()
    client.post(reverse("studio:bank_account"), {"holder": "Jörg Müller", "iban": DUTCH})
    assert "your bank gets Joerg Mueller" in words(page(client, "studio:payouts"))


def test_a_bank_outside_the_eea_asks_for_more(bob: User) -> None:
    client, url = confirmed(bob), reverse("studio:bank_account")
    refused = client.post(url, {"holder": "Bob", "iban": SWISS})
    assert refused.status_code == 422
    assert "Enter the BIC of the bank too" in words(refused.content.decode())
    british = {"holder": "Bob", "iban": "GB29NWBK60161331926819", "town": "Leith"}
    assert client.post(url, british)["Location"] == reverse("studio:payouts")
    refused = client.post(url, ABROAD)
    seen = words(refused.content.decode())
    assert refused.status_code == 422
    assert "Enter your address with its town" in seen and "Postcode" in seen
    answer = client.post(url, ABROAD | {"town": "Zürich", "line": "Gasse 7", "country": "LI"})
    assert answer["Location"] == reverse("studio:payouts")
    method = bank_accounts.method_of(bob)
    assert method is not None
    address = bank_accounts.address_of(method)
    assert address is not None and (address.town, address.country) == ("Zuerich", "LI")


def test_an_account_that_does_not_fit_any_more_says_so(bob: User, settings: Settings) -> None:
    bank_account(bob, iban="LT121000011101001000")
    payout = ready(bob)
    settings.BANK_MISSING_BIC = "refuse"
    seen = words(page(browser(bob), "studio:payouts"))
    assert "We can't pay to your bank account yet." in seen.replace("&#x27;", "'")
    assert "Enter the BIC" in seen and "incomplete" in seen
    assert "Enter the BIC" in words(page(browser(bob), "studio:payout", payout.public_id))


def test_calling_off_and_weekly(bob: User) -> None:
    payout = requested(bob)
    client = browser(bob)
    assert "Cancel this payout" in page(client, "studio:payout", payout.public_id)
    client.post(reverse("studio:cancel_payout", args=[payout.public_id]))
    assert "Nothing was sent" in page(client, "studio:payout", payout.public_id)
    client.post(reverse("studio:weekly_payouts"), {"weekly": "on"})
    method = bank_accounts.method_of(bob)
    assert method is not None and method.auto_weekly
    client.post(reverse("studio:weekly_payouts"))
    method.refresh_from_db()
    assert not method.auto_weekly


def test_every_step_has_its_time_and_words(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    client = browser(bob)
    seen = words(page(client, "studio:payout", payout.public_id))
    assert f"Sent on {timezone.now():%A}. Banks take one to two days." in seen
    came_back(dana, erin, batch, payout)
    seen = words(page(client, "studio:payout", payout.public_id))
    for word in (
        "Requested",
        "Checked",
        "In a bank file",
        "Sent",
        "Paid",
        "Returned by your bank",
    ):
        assert word in seen
    assert "The account is closed (AC04). The money is back in your balance." in seen
    assert "Enter your bank account again" in seen
    assert "€68.18 was returned." in words(page(client, "studio:payouts"))
    bank_account(bob, holder="Bob H.")
    html = page(client, "studio:payout", payout.public_id)
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key is not None
    answer = client.post(reverse("studio:pay_out_again", args=[payout.public_id]), {"key": key[1]})
    again = Payout.objects.get(pays_again=payout)
    assert str(again.public_id) in answer["Location"]
    assert "Send payout again" not in page(client, "studio:payout", payout.public_id)


def test_the_studio_panel(bob: User, dana: User, erin: User) -> None:
    client = browser(bob)
    assert "No bank account yet." in words(page(client, "studio:payouts_panel"))
    answered(dana, sent(dana, erin, ready(bob)))
    seen = words(page(client, "studio:payouts_panel"))
    assert "Paid this year €68.18" in seen
    assert "No payouts in progress." in seen
    ready(bob, 2_000)
    assert "Next payout €13.64" in words(page(client, "studio:payouts_panel"))


def test_the_page_says_when_payouts_are_paused_or_frozen(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    LedgerCheck.objects.create(ok=False, report="breach")
    seen = words(page(browser(bob), "studio:payouts"))
    assert "Payouts are paused while we check our records." in seen
    assert "Request payout" not in seen
    LedgerCheck.objects.all().delete()
    PayoutMethod.objects.update(usable_from=timezone.now() + timedelta(hours=5))
    assert "For your security, payouts to it start after" in words(
        page(browser(bob), "studio:payouts")
    )


def test_pages_cost_few_queries(bob: User, django_assert_max_num_queries: object) -> None:
    for _ in range(6):
        requested(bob, 1_500)
    client = browser(bob)
    client.get(reverse("studio:payouts"))
    with django_assert_max_num_queries(32):  # type: ignore[operator]  # a fixture that is a function
        client.get(reverse("studio:payouts"))


def test_cancelling_is_only_for_what_waits(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    answer = browser(bob).post(reverse("studio:cancel_payout", args=[payout.public_id]))
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "wrong_state")
    assert fresh(payout).state == Payout.State.SENT


def test_another_creators_return_is_not_mine(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    came_back(dana, erin, sent(dana, erin, payout), payout)
    other = person("oscar", is_creator=True)
    bank_account(other)
    with pytest.raises(Payout.DoesNotExist):
        services.pay_again(creator=other, payout=payout, key=uuid.uuid4())
