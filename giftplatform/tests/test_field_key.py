"""A new key in front of the old one breaks nothing, and after a rotation the old one may go."""

import io
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from foundation.crypto import Cipher, InvalidToken
from giftplatform import field_key
from overlay.services import overlay_of
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import PayoutMethod
from payouts.tests.builders import DUTCH, bank_account, ready, sent
from wallet.models import SenderRule
from wallet.tests.transfers import stage as transfers
from wallet.transfers import payers

pytestmark = pytest.mark.django_db

OLD, NEW = "the first long secret of the site", "the second long secret of the site"


class World:
    """Something encrypted of each kind, and what must be read from it."""

    def __init__(self, alice: User, bob: User, dana: User, erin: User) -> None:
        self.bob = bob
        gone = bank_account(bob, holder="Bob of old")
        self.methods = [gone.pk, bank_account(bob).pk]
        self.batch = sent(dana, erin, ready(bob))
        self.overlay = overlay_of(bob)
        self.transfer = transfers.came(transfers.order(alice))
        self.rule = payers.add_rule(
            treatment=SenderRule.Treatment.HOLD, name="", iban=DUTCH, reason="Stolen", by=dana
        )
        self.secret = "JBSWY3DPEHPK3PXP"
        TOTP.activate(bob, self.secret)
        codes = RecoveryCodes.activate(bob)
        self.before = (*self._files(), self.overlay.token, codes.generate_codes())

    def _files(self) -> tuple[bytes, bytes]:
        return (
            bank_files.download(batch=self.batch),
            bank_files.download(batch=self.batch, csv=True),
        )

    def is_readable(self) -> bool:
        """Read all of it, as the site does."""
        self.overlay.refresh_from_db()
        factors = {f.type: f for f in Authenticator.objects.filter(user=self.bob)}
        codes = factors["recovery_codes"].wrap().generate_codes()
        secret = decrypt(factors["totp"].data["secret"])
        ibans = {
            bank_accounts.iban_of(PayoutMethod.objects.get(pk=number)) for number in self.methods
        }
        now = (*self._files(), self.overlay.token, codes)
        self.transfer.refresh_from_db()
        self.rule.refresh_from_db()
        ibans |= {payers.account_of(self.transfer), *(r.iban for r in payers.Senders.now().rules)}
        return now == self.before and ibans == {DUTCH} and secret == self.secret


@pytest.fixture
def world(alice: User, bob: User, dana: User, erin: User, settings: Settings) -> World:
    settings.FIELD_KEY = OLD
    return World(alice, bob, dana, erin)


def rotated() -> list[str]:
    said = io.StringIO()
    call_command("rotate_field_key", stdout=said)
    return said.getvalue().splitlines()


def test_a_new_key_in_front_of_the_old_one_breaks_nothing(world: World, settings: Settings) -> None:
    assert world.is_readable()
    settings.FIELD_KEY = f"{NEW}, {OLD}"
    assert world.is_readable()


def test_after_rotation_the_old_key_may_go(world: World, settings: Settings) -> None:
    settings.FIELD_KEY = f"{NEW},{OLD}"
    counted = [int(found[1]) for line in rotated() if (found := re.search(r": (\d+) rows", line))]
    assert counted == [2, 1, 1, 1, 1, 2]
    settings.FIELD_KEY = NEW
    assert world.is_readable()


def test_a_second_run_changes_nothing(world: World, settings: Settings) -> None:
    settings.FIELD_KEY = f"{NEW},{OLD}"
    rotated()
    assert all(": 0 rows encrypted anew" in line for line in rotated()[:-1])


def test_what_no_key_opens_is_counted_and_left(world: World, settings: Settings) -> None:
    settings.FIELD_KEY = NEW
    with pytest.raises(CommandError, match="No key in FIELD_KEY opens 8 rows"):
        rotated()
    settings.FIELD_KEY = OLD
    assert world.is_readable()


def test_every_use_of_the_key_is_rotated() -> None:
    """A cipher of another purpose that is not on the list would keep the old key for ever."""
    root = Path(field_key.__file__).parents[1]
    made = set()
    for path in root.glob("*/**/*.py"):
        if "tests" not in path.parts and ".venv" not in path.parts:
            made |= set(re.findall(r'\bCipher\("([^"]+)"\)', path.read_text()))
    assert made == {kind.cipher.purpose for kind in field_key.ALL}


def test_what_one_purpose_encrypts_no_other_opens(settings: Settings) -> None:
    settings.FIELD_KEY = OLD
    sealed = Cipher("one").encrypt(b"words")
    with pytest.raises(InvalidToken):
        Cipher("other").decrypt(sealed)
