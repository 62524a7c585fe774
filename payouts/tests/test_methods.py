"""Bank details: refusals, encryption at rest, the effect of a change."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from foundation.errors import DomainError
from payouts import refusals
from payouts.methods import bank_accounts, encryption
from payouts.models import Payout, PayoutMethod
from payouts.requests import services
from payouts.tests.builders import DUTCH, FRENCH, GERMAN, bank_account, fresh, ready, requested


@pytest.mark.parametrize(
    ("iban", "refusal", "word"),
    [
        ("DE88370400440532013000", refusals.IbanMistyped, "This IBAN has a typo"),
        ("US12345", refusals.IbanCountryUnknown, "US"),
        ("DE8937", refusals.IbanLength, "DE"),
        ("", refusals.IbanUnreadable, "IBAN"),
        ("account 7", refusals.IbanUnreadable, "IBAN"),
        ("TR330006100519786457841326", refusals.IbanOutsideRail, "TR"),
    ],
)
def test_each_wrong_iban_has_its_own_sentence(
    bob: User, iban: str, refusal: type[refusals.IbanMistyped], word: str
) -> None:
    with pytest.raises(refusal) as refused:
        bank_account(bob, iban=iban)
    assert word in refused.value.detail
    assert refused.value.field == "iban"
    assert not PayoutMethod.objects.exists()


def test_refusals_never_carry_the_number(bob: User, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(refusals.IbanMistyped) as refused:
        bank_account(bob, iban="DE88370400440532013000")
    assert refused.value.__cause__ is None
    assert "0532" not in refused.value.detail + repr(refused.value) + caplog.text


def test_codes_differ() -> None:
    codes = {
        kind.code
        for kind in vars(refusals).values()
        if isinstance(kind, type) and issubclass(kind, DomainError)
    }
    kinds = [
        kind
        for kind in vars(refusals).values()
        if isinstance(kind, type) and issubclass(kind, DomainError)
    ]
    assert len(codes) == len(kinds)


def test_the_number_is_encrypted_at_rest_and_shown_masked(bob: User) -> None:
    method = bank_account(bob, iban="DE89 3704 0044 0532 0130 00")
    assert method.iban_masked == "DE89 **** 3000"
    assert bank_accounts.iban_of(method) == GERMAN
    assert method.bic == "COBADEFFXXX"
    with connection.cursor() as cursor:
        cursor.execute("SELECT payouts_payoutmethod::text FROM payouts_payoutmethod")
        row = cursor.fetchone()[0]
    assert "0532013" not in row
    assert GERMAN.encode().hex() not in row
    assert "0532013" not in repr(method) + str(method)


def test_keys_rotate(bob: User, settings: object) -> None:
    settings.FIELD_KEY = "the first long secret"  # type: ignore[attr-defined]  # pytest-django's wrapper
    method = bank_account(bob)
    settings.FIELD_KEY = "a second long secret,the first long secret"  # type: ignore[attr-defined]
    assert bank_accounts.iban_of(method) == DUTCH
    method.iban_encrypted = encryption.encrypt(encryption.decrypt(method.iban_encrypted))
    settings.FIELD_KEY = "a second long secret"  # type: ignore[attr-defined]
    assert bank_accounts.iban_of(method) == DUTCH
    settings.FIELD_KEY = "a third"  # type: ignore[attr-defined]
    with pytest.raises(encryption.InvalidToken):
        bank_accounts.iban_of(method)


def test_the_first_account_is_usable_at_once(bob: User) -> None:
    bank_account(bob)
    assert bank_accounts.usable_method(bob).frozen is False


def test_a_change_of_bank_freezes_payouts_for_72_hours(bob: User) -> None:
    old = bank_account(bob)
    new = bank_account(bob, iban=FRENCH)
    left = new.usable_from - timezone.now()
    assert timedelta(hours=71, minutes=59) < left <= timedelta(hours=72)
    with pytest.raises(refusals.MethodFrozen):
        requested(bob)
    old.refresh_from_db()
    assert old.removed_at is not None


def test_removing_and_adding_again_is_a_change_too(bob: User) -> None:
    bank_account(bob)
    bank_accounts.remove_method(creator=bob)
    assert bank_account(bob, iban=FRENCH).frozen


def test_the_same_account_again_changes_nothing(bob: User) -> None:
    assert bank_account(bob).pk == bank_account(bob).pk


def test_a_new_name_at_the_same_bank_does_not_freeze(bob: User) -> None:
    bank_account(bob)
    assert not bank_account(bob, holder="Robert Harbour").frozen


def test_a_frozen_account_does_not_thaw_by_renaming_its_holder(bob: User) -> None:
    bank_account(bob)
    bank_account(bob, iban=FRENCH)
    assert bank_account(bob, iban=FRENCH, holder="Somebody Else").frozen


def test_waiting_payouts_follow_to_the_new_account_and_wait_out_its_freeze(bob: User) -> None:
    payout = ready(bob)
    new = bank_account(bob, iban=FRENCH)
    assert fresh(payout).method == new
    assert not Payout.objects.for_batch("EUR").exists()


def test_an_account_that_is_needed_is_not_removed(bob: User) -> None:
    payout = requested(bob)
    with pytest.raises(refusals.PayoutWaiting):
        bank_accounts.remove_method(creator=bob)
    services.cancel(payout=payout, by=bob)
    bank_accounts.remove_method(creator=bob)
    with pytest.raises(refusals.NoPayoutMethod):
        bank_accounts.usable_method(bob)


def test_the_database_knows_one_account_per_creator(bob: User) -> None:
    method = bank_account(bob)
    method.pk, method.public_id = None, "0192f1c5-0000-7000-8000-000000000001"
    with pytest.raises(IntegrityError, match="one_payout_method_in_use"):
        method.save(force_insert=True)


@pytest.mark.parametrize("holder", ["", "   ", "x" * 71])
def test_an_account_has_a_name(bob: User, holder: str) -> None:
    with pytest.raises(refusals.HolderMissing):
        bank_account(bob, holder=holder)
