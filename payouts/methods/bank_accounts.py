"""Bank accounts of creators: checked on entry, encrypted at rest, shown masked, frozen after a
change.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from schwifty import IBAN

from accounts import traces
from accounts.models import User
from payouts import refusals
from payouts.methods import encryption
from payouts.methods.address import Address, decrypted, encrypted, read_address
from payouts.methods.bic import read_bic
from payouts.methods.fitness import outside_eea, require_bank, require_fit, require_name
from payouts.methods.iban import masked, read_iban
from payouts.models import Payout, PayoutMethod, PayoutPolicy
from payouts.wakeup import wake_worker


@dataclass(frozen=True)
class Details:
    """A checked bank account: what the bank file needs of it."""

    holder: str
    number: IBAN = field(repr=False)
    bic: str
    address: Address | None = field(repr=False)


def add_method(
    *, creator: User, holder: str, iban: str, bic: str = "", address: Address | None = None
) -> PayoutMethod:
    """Put a bank account in place of the one before; after a change of bank it is usable once the
    freeze is over.
    """
    number, holder = read_iban(iban), " ".join(holder.split())
    country = number.country_code
    require_name(holder)
    bic = read_bic(bic, iban_country=country) or number.bic or ""
    lives = address if outside_eea(country) else None
    require_bank(country=country, bic=bic, has_address=lives is not None)
    home = read_address(lives, default_country=country) if lives else None
    return _replace(creator=creator, details=Details(holder, number, bic, home))


@transaction.atomic
def remove_method(*, creator: User) -> None:
    """Remove the bank account in use. Refused while a payout waits to go there."""
    lock_creator(creator)
    method = method_of(creator)
    if method is None:
        raise refusals.NoPayoutMethod
    waiting = Payout.objects.under_way().filter(method=method).exclude(state=Payout.State.SENT)
    if waiting.exists():
        raise refusals.PayoutWaiting
    method.removed_at = timezone.now()
    method.auto_weekly, method.next_auto_at = False, None
    method.save(update_fields=["removed_at", "auto_weekly", "next_auto_at"])


@transaction.atomic
def set_weekly(*, creator: User, weekly: bool) -> PayoutMethod:
    """Switch the weekly automatic payout on or off."""
    lock_creator(creator)
    method = method_of(creator)
    if method is None:
        raise refusals.NoPayoutMethod
    method.auto_weekly = weekly
    method.next_auto_at = next_monday() if weekly else None
    method.save(update_fields=["auto_weekly", "next_auto_at"])
    return method


def method_of(creator: User) -> PayoutMethod | None:
    """Return the bank account in use."""
    return PayoutMethod.objects.in_use().filter(creator=creator).first()


def usable_method(creator: User) -> PayoutMethod:
    """Return the account that money may be sent to now. Raises `NoPayoutMethod`, `MethodLocked`,
    `MethodFrozen`, and the refusal that names what the bank file lacks.
    """
    method = method_of(creator)
    if method is None:
        raise refusals.NoPayoutMethod
    if method.locked:
        raise refusals.MethodLocked(reason=method.locked_reason)
    if method.frozen:
        raise refusals.MethodFrozen(when=f"{method.usable_from:%Y-%m-%d %H:%M} UTC")
    require_fit(method)
    return method


def iban_of(method: PayoutMethod) -> str:
    """Return the whole IBAN, decrypted, for the bank file alone."""
    return encryption.decrypt(method.iban_encrypted).decode()


def address_of(method: PayoutMethod) -> Address | None:
    """Return the holder's address, decrypted, for the bank file alone."""
    return decrypted(method.address_encrypted)


def lock_creator(creator: User) -> None:
    """Let one request at a time decide about a creator's payouts and bank account."""
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)


def next_monday(after: datetime | None = None) -> datetime:
    """Return the next Monday, 06:00 UTC."""
    now = after or timezone.now()
    day = (now + timedelta(days=7 - now.weekday())).replace(
        hour=6, minute=0, second=0, microsecond=0
    )
    return day - timedelta(days=7) if day - timedelta(days=7) > now else day


@transaction.atomic
def _replace(*, creator: User, details: Details) -> PayoutMethod:
    lock_creator(creator)
    before = method_of(creator)
    if before and not before.locked and _details_of(before) == details:
        return before
    same_bank = before is not None and iban_of(before) == str(details.number)
    first = before is None and not PayoutMethod.objects.filter(creator=creator).exists()
    if before:
        before.removed_at = timezone.now()
        before.save(update_fields=["removed_at"])
    method = PayoutMethod.objects.create(
        creator=creator,
        holder=details.holder,
        iban_encrypted=encryption.encrypt(str(details.number).encode()),
        iban_masked=masked(str(details.number)),
        bic=details.bic,
        address_encrypted=encrypted(details.address),
        usable_from=_usable_from(before, first=first, same_bank=same_bank),
        auto_weekly=before.auto_weekly if before else False,
        next_auto_at=before.next_auto_at if before else None,
        notify_at=timezone.now(),
    )
    # By a digest alone it is seen that a fan and a creator have the same account.
    known = traces.hidden(traces.Kind.BANK, str(details.number))
    traces.note(creator, {traces.Kind.BANK: known})
    if before:  # what has not left yet follows, and waits out the freeze there
        Payout.objects.waiting().filter(method=before).update(method=method, needs_attention="")
    wake_worker()
    return method


def _details_of(method: PayoutMethod) -> Details:
    return Details(method.holder, IBAN(iban_of(method)), method.bic, address_of(method))


def _usable_from(before: PayoutMethod | None, *, first: bool, same_bank: bool) -> datetime:
    """Return when money may go to the new account: at once for the first one and for the same
    bank's number.
    """
    if first:
        return timezone.now()
    if before and same_bank:
        return before.usable_from
    return timezone.now() + timedelta(hours=PayoutPolicy.current().bank_change_freeze_hours)
