"""Banks outside the EEA are paid with BIC and addresses; what lacks one is refused when it is
entered, and waits with its reason when the rules have changed since.
"""

import json
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from foundation.errors import DomainError
from payouts import refusals, timeline
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.methods.address import Address
from payouts.models import Payout, PayoutMethod
from payouts.requests import automatic
from payouts.summary import summary
from payouts.tests.browsers import browser, confirmed
from payouts.tests.builders import DUTCH, built, fresh, ready, requested, sent

SWISS = "CH9300762011623852957"
LITHUANIAN = "LT121000011101001000"  # its bank's BIC is in no register
HOME = Address("Gasse 7, Tür 3", "8001", "Zürich", "")
ABROAD = [
    (SWISS, "POFICHBEXXX"),
    ("GB29NWBK60161331926819", ""),  # the IBAN names the bank
    ("MC5811222000010123456789030", "CCFRMCMX"),
    ("SM86U0322509800000000270100", "BASMSMSM"),
    ("AD1200012030200359100100", "CRDAADAD"),
    ("VA59001123000012345678", "IOPRVAVX"),
    ("GI75NWBK000000007099453", "NWBKGIGI"),
]


def account(creator: User, iban: str, **more: Any) -> PayoutMethod:
    return bank_accounts.add_method(creator=creator, holder="Bob Harbour", iban=iban, **more)


def tree(xml: bytes) -> Any:
    root = fromstring(xml)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


@pytest.mark.parametrize(("iban", "bic"), ABROAD)
def test_the_file_names_bank_and_addresses(
    bob: User, dana: User, erin: User, iban: str, bic: str
) -> None:
    account(bob, iban, bic=bic, address=HOME)
    root = tree(bank_files.download(batch=sent(dana, erin, ready(bob))))
    [payment] = root.iter("CdtTrfTxInf")
    assert payment.findtext("CdtrAgt/FinInstnId/BICFI") == bic or "NWBKGB2LXXX"
    [home] = payment.iterfind("Cdtr/PstlAdr")
    assert [(part.tag, part.text) for part in home] == [
        ("PstCd", "8001"),
        ("TwnNm", "Zuerich"),
        ("Ctry", iban[:2]),
        ("AdrLine", "Gasse 7, Tuer 3"),
    ]
    [ours] = root.iterfind(".//Dbtr/PstlAdr")
    assert {part.tag: part.text for part in ours} == {
        "PstCd": "20457",
        "TwnNm": "Hamburg",
        "Ctry": "DE",
        "AdrLine": "Kai 7",
    }


@pytest.mark.parametrize(
    ("iban", "more", "refusal"),
    [
        (SWISS, {}, refusals.BicMissing),
        (SWISS, {"address": HOME}, refusals.BicMissing),
        (SWISS, {"bic": "POFICHBE"}, refusals.AddressMissing),
        (SWISS, {"bic": "POFICHBE", "address": Address(line="Gasse 7")}, refusals.AddressMissing),
        ("GB29NWBK60161331926819", {}, refusals.AddressMissing),
        (SWISS, {"bic": "POFI", "address": HOME}, refusals.BicUnreadable),
        (SWISS, {"bic": "POFI CHBE XX", "address": HOME}, refusals.BicUnreadable),
        (SWISS, {"bic": "COBADEFF", "address": HOME}, refusals.BicOtherCountry),
        (DUTCH, {"bic": "POFICHBE"}, refusals.BicOtherCountry),
        (SWISS, {"bic": "POFICHBE", "address": Address(town="東京")}, refusals.AddressUnreadable),
        (SWISS, {"bic": "POFICHBE", "address": Address(town="-🎉")}, refusals.AddressUnreadable),
        (SWISS, {"bic": "POFICHBE", "address": Address(town="ö" * 18)}, refusals.AddressUnreadable),
        (SWISS, {"bic": "POFICHBE", "address": Address(town="x" * 36)}, refusals.AddressUnreadable),
        (
            SWISS,
            {"bic": "POFICHBE", "address": Address(town="Bern", country="XX")},
            refusals.AddressUnreadable,
        ),
    ],
)
def test_what_is_missing_is_asked_for(
    bob: User, iban: str, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        account(bob, iban, **more)
    assert not PayoutMethod.objects.exists()


def test_without_our_own_address_no_bank_there_is_taken(bob: User, settings: Settings) -> None:
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "town": ""}
    with pytest.raises(refusals.OwnAddressMissing) as refused:
        account(bob, SWISS, bic="POFICHBE", address=HOME)
    assert "CH" in refused.value.detail
    account(bob, DUTCH)


def test_a_bank_of_ours_out_there_needs_our_address_always(bob: User, settings: Settings) -> None:
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "iban": SWISS, "town": ""}
    with pytest.raises(refusals.OwnAddressMissing):
        account(bob, DUTCH)


def test_an_address_in_the_eea_is_not_kept(bob: User) -> None:
    assert account(bob, DUTCH, address=HOME).address_encrypted is None


def test_the_address_is_encrypted_at_rest(bob: User) -> None:
    method = account(bob, SWISS, bic="POFICHBE", address=HOME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payouts_payoutmethod::text FROM payouts_payoutmethod")
        row = cursor.fetchone()[0]
    assert "Gasse" not in row and b"Gasse".hex() not in row
    assert "Gasse" not in repr(method) + str(method)
    assert bank_accounts.address_of(method) == Address("Gasse 7, Tuer 3", "8001", "Zuerich", "CH")


def test_a_new_address_is_a_new_account_without_a_freeze(bob: User) -> None:
    first = account(bob, SWISS, bic="POFICHBE", address=HOME)
    assert account(bob, SWISS, bic="POFICHBE", address=HOME) == first
    moved = account(bob, SWISS, bic="POFICHBE", address=Address(town="Genf", country="FR"))
    assert moved.pk != first.pk and not moved.frozen


def test_the_database_takes_no_account_there_without_both(bob: User) -> None:
    method = account(bob, SWISS, bic="POFICHBE", address=HOME)
    for lacking in ({"bic": ""}, {"address_encrypted": None}):
        with (
            pytest.raises(IntegrityError, match="account_outside_eea_has_bic_and_address"),
            transaction.atomic(),
        ):
            PayoutMethod.objects.filter(pk=method.pk).update(**lacking)


@pytest.mark.parametrize(
    ("wish", "agent"), [("omit", None), ("notprovided", "NOTPROVIDED"), ("refuse", None)]
)
def test_a_bic_that_is_not_known_is_the_banks_wish(
    bob: User, dana: User, erin: User, settings: Settings, wish: str, agent: str | None
) -> None:
    settings.BANK_MISSING_BIC = wish
    if wish == "refuse":
        with pytest.raises(refusals.BicMissing):
            account(bob, LITHUANIAN)
        account(bob, LITHUANIAN, bic="habalt22")
    else:
        account(bob, LITHUANIAN)
    root = tree(bank_files.download(batch=sent(dana, erin, ready(bob))))
    assert root.findtext(".//CdtrAgt/FinInstnId/Othr/Id") == agent
    assert root.findtext(".//CdtrAgt/FinInstnId/BICFI") == (
        "HABALT22" if wish == "refuse" else None
    )


def test_our_own_bank_without_a_bic_is_named_as_not_known(
    bob: User, dana: User, erin: User, settings: Settings
) -> None:
    settings.BANK_ACCOUNT = {**settings.BANK_ACCOUNT, "bic": "", "country": ""}
    root = tree(bank_files.download(batch=sent(dana, erin, ready(bob))))
    assert root.findtext(".//DbtrAgt/FinInstnId/Othr/Id") == "NOTPROVIDED"
    assert root.find(".//Dbtr/PstlAdr") is None


def test_what_does_not_fit_any_more_waits_with_its_reason(
    bob: User, carol: User, dana: User, settings: Settings
) -> None:
    account(bob, LITHUANIAN)
    waits, leaves = ready(bob), ready(carol, 2_000)
    settings.BANK_MISSING_BIC = "refuse"
    batch = bank_files.build_batch(by=dana)
    assert list(batch.payouts.all()) == [leaves]
    with pytest.raises(refusals.NothingFits):
        bank_files.build_batch(by=dana)
    waits = fresh(waits)
    assert (waits.state, waits.batch) == (Payout.State.READY, None)
    assert "Enter the BIC" in waits.needs_attention
    assert "Enter the BIC" in timeline.in_a_sentence(waits)
    assert "Enter the BIC" in summary(bob).unfit
    assert not summary(bob).may_request
    with pytest.raises(refusals.BicMissing):
        requested(bob)
    account(bob, LITHUANIAN, bic="HABALT22")
    assert fresh(waits).needs_attention == ""
    assert list(bank_files.build_batch(by=dana).payouts.all()) == [waits]


def test_what_stopped_fitting_since_does_not_leave(
    bob: User, dana: User, erin: User, settings: Settings
) -> None:
    account(bob, LITHUANIAN)
    payout = ready(bob)
    batch = built(dana, payout)
    settings.BANK_MISSING_BIC = "refuse"
    with pytest.raises(refusals.BatchUnfit) as refused:
        bank_files.approve(batch=batch, by=erin)
    assert "Enter the BIC" in refused.value.detail
    assert fresh(payout).state == Payout.State.BATCHED


def test_a_request_made_before_waits_too(bob: User, settings: Settings) -> None:
    account(bob, LITHUANIAN)
    payout = requested(bob)
    settings.BANK_MISSING_BIC = "refuse"
    automatic.check_requested()
    assert fresh(payout).state == Payout.State.REQUESTED
    assert "Waiting: Enter the BIC" in fresh(payout).needs_attention


def test_the_api_takes_bic_and_address(bob: User) -> None:
    client = confirmed(bob)
    url = "/api/v1/payout-method/"

    def put(**details: Any) -> Any:
        return client.put(url, json.dumps({"holder": "Jörg", "iban": SWISS, **details}),
                          content_type="application/json")  # fmt: skip

    assert put().json()["code"] == "bic_missing"
    home = {"line": "Gasse 7", "town": "Zürich"}
    answer = put(bic="POFICHBE", address=home)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["holder_at_bank"], told["bic"], told["unfit"]) == ("Joerg", "POFICHBE", "")
    assert "Gasse" not in answer.content.decode()


def test_staff_read_what_the_bank_gets(bob: User, dana: User, settings: Settings) -> None:
    method = bank_accounts.add_method(creator=bob, holder="Jörg", iban=LITHUANIAN)
    page = reverse("admin:payouts_payoutmethod_change", args=[method.pk])
    client = browser(dana)
    assert "Joerg" in client.get(page).content.decode()
    settings.BANK_MISSING_BIC = "refuse"
    assert "Enter the BIC" in client.get(page).content.decode()
    listed = client.get(reverse("admin:payouts_payoutmethod_changelist")).content.decode()
    assert "incomplete" in listed
