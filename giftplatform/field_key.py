"""All that is encrypted with FIELD_KEY, and how it is encrypted anew with another key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model

from accounts import adapter
from foundation.crypto import Cipher, InvalidToken
from overlay import secret
from overlay.models import Overlay
from payouts.methods import encryption
from payouts.models import Batch, PayoutMethod
from wallet.models import BankTransfer, SenderRule
from wallet.transfers import payers


@dataclass(frozen=True)
class Encrypted:
    """Columns of one table, which one cipher reads."""

    model: type[Model]
    columns: tuple[str, ...]
    cipher: Cipher
    rotated: Callable[[Cipher, Any], Any]


@dataclass
class Count:
    """Rows of a table: encrypted anew, and those that no key in FIELD_KEY opens."""

    name: str
    rows: int = 0
    lost: int = 0


def _bytes(cipher: Cipher, stored: Any) -> bytes | None:
    return None if stored is None else cipher.rotate(stored)


# The parts of a second factor that `MFAAdapter.encrypt` wrote; the rest is public.
FACTOR_SECRETS = ("secret", "seed", "migrated_codes")


def _factor(cipher: Cipher, stored: dict[str, Any]) -> dict[str, Any]:
    def anew(text: str) -> str:
        return cipher.rotate(text.encode()).decode()

    def value(found: Any) -> Any:
        return [anew(text) for text in found] if isinstance(found, list) else anew(found)

    return stored | {name: value(stored[name]) for name in FACTOR_SECRETS if stored.get(name)}


ALL = (
    Encrypted(PayoutMethod, ("iban_encrypted", "address_encrypted"), encryption.cipher, _bytes),
    Encrypted(Batch, ("file", "csv"), encryption.cipher, _bytes),
    Encrypted(BankTransfer, ("payer_iban",), payers.cipher, _bytes),
    Encrypted(SenderRule, ("iban_encrypted",), payers.cipher, _bytes),
    Encrypted(Overlay, ("encrypted",), secret.cipher, _bytes),
    Encrypted(Authenticator, ("data",), adapter.cipher, _factor),
)


def rotate() -> Iterable[Count]:
    """Encrypt everything with the first key of FIELD_KEY; return what was done per table.

    Each row is its own transaction: the site may run meanwhile, and a run that was cut short is
    simply run again.
    """
    for kind in ALL:
        count = Count(str(kind.model._meta.verbose_name_plural))
        for pk in kind.model._default_manager.order_by("pk").values_list("pk", flat=True):
            try:
                count.rows += _rotate_row(kind, pk)
            except InvalidToken:
                count.lost += 1
        yield count


@transaction.atomic
def _rotate_row(kind: Encrypted, pk: Any) -> bool:
    rows = kind.model._default_manager.filter(pk=pk)
    row = rows.select_for_update().values(*kind.columns).first()
    if row is None:
        return False
    fresh = {name: kind.rotated(kind.cipher, stored) for name, stored in row.items()}
    changed = {name: value for name, value in fresh.items() if not _same(value, row[name])}
    return bool(changed and rows.update(**changed))


def _same(fresh: Any, stored: Any) -> bool:
    return bool(fresh == (bytes(stored) if isinstance(stored, memoryview) else stored))
