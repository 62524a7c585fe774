"""Who sent money: their account at rest, and the rules of staff about senders."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from accounts.models import User
from foundation.crypto import Cipher, InvalidToken
from foundation.texts import clean, reason_in
from wallet.models import BankTransfer, SenderRule
from wallet.transfers import refusals

cipher = Cipher("payers' accounts")
REASON_LENGTH = 200
SIGN = re.compile(r"[^\w]+|_")


def name_key(name: str) -> str:
    """Return a name without what people and banks write differently: capitals, marks, signs."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return SIGN.sub("", "".join(one for one in plain if not unicodedata.combining(one)))[:140]


def encrypted(transfer_id: UUID, iban: str) -> bytes | None:
    """Return an IBAN as it is kept with one transfer: in another's row it is noticed."""
    return cipher.encrypt(f"{transfer_id}:{iban}".encode()) if iban else None


def account_of(transfer: BankTransfer) -> str:
    """Return the IBAN that money goes back to. Raises `AccountUnknown`."""
    if transfer.payer_iban is None:
        raise refusals.AccountUnknown
    try:
        whose, _sign, iban = cipher.decrypt(transfer.payer_iban).decode().partition(":")
    except InvalidToken:
        raise refusals.AccountUnknown from None
    if whose != str(transfer.public_id):
        raise refusals.AccountUnknown
    return iban


def country_of(iban: str) -> str:
    """Return the country of a bank account; nothing where its number is none."""
    try:
        return str(IBAN(iban).country_code)
    except SchwiftyException:
        return ""


class Sender(NamedTuple):
    """What a rule says, with its account in plain."""

    treatment: str
    name_key: str
    iban: str


@dataclass(frozen=True)
class Senders:
    """The rules about senders, read once for many rows."""

    rules: tuple[Sender, ...]

    @classmethod
    def now(cls) -> "Senders":
        """Return the rules in force. One whose account no key opens still knows the name."""
        return cls(tuple(map(_plain, SenderRule.objects.all())))

    def treatment(self, name: str, iban: str) -> str:
        """Return what becomes of money by name or account, or nothing; to hold goes first."""
        key = name_key(name)
        fitting = [
            rule.treatment
            for rule in self.rules
            if (key and rule.name_key == key) or (iban and rule.iban == iban)
        ]
        return min(fitting, default="")


def _plain(rule: SenderRule) -> Sender:
    iban = ""
    if rule.iban_encrypted is not None:
        with suppress(InvalidToken):
            iban = cipher.decrypt(rule.iban_encrypted).decode()
    return Sender(rule.treatment, rule.name_key, iban)


def is_held(transfer: BankTransfer) -> bool:
    """Return whether staff hold money of this sender."""
    iban = ""
    with suppress(refusals.AccountUnknown):
        iban = account_of(transfer)
    said = Senders.now().treatment(transfer.payer_name, iban)
    return said == SenderRule.Treatment.HOLD


def add_rule(
    *, treatment: "SenderRule.Treatment", name: str, iban: str, reason: str, by: User
) -> SenderRule:
    """Write a rule about a sender. Raises `SenderMissing`, `ReasonMissing`."""
    plain = "".join(iban.split()).upper()
    key, said = name_key(name), reason_in(reason, REASON_LENGTH)
    if not key and not plain:
        raise refusals.SenderMissing
    if not said:
        raise refusals.ReasonMissing
    return SenderRule.objects.create(
        treatment=treatment,
        name=clean(name)[:140],
        name_key=key,
        iban_encrypted=cipher.encrypt(plain.encode()) if plain else None,
        iban_masked=f"{plain[:4]} **** {plain[-4:]}" if plain else "",
        reason=said,
        created_by=by,
    )
