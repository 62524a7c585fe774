"""Redeeming a code: bonus coins, or bought coins with an order that the card has paid."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Country, Terms, User
from accounts.pauses import refuse_paused
from ledger import KeyReused
from wallet.bonus import lots
from wallet.codes import refusals, tries
from wallet.codes.alphabet import digests, read
from wallet.disputes.refusals import refuse_while_disputed
from wallet.limits.spending import refuse_over_limit
from wallet.models import Code, CodeBatch, Purchase, PurchaseEvent, RateCard, Redemption
from wallet.prices.pricing import within
from wallet.providers.prepaid.provider import NAME
from wallet.purchases import capturing
from wallet.purchases.buying import refuse_without_country

Kind = CodeBatch.Kind
State = CodeBatch.State


def redeem(*, user: User, typed: str, key: UUID, address: str) -> Redemption:
    """Redeem a code once and return what came of it; the same key returns the first answer.

    `address` is where the request comes from: wrong codes from there are counted. Raises what
    `refusals` lists, `KeyReused`, and what keeps a person from buying: `CountryUnknown`,
    `TooYoung`, `SpendingPaused`, `DisputeOpen`, `OverLimit`.
    """
    code = read(typed)
    if earlier := Redemption.objects.filter(user=user, key=key).first():
        if code is None or earlier.code.digest not in digests(code):
            raise KeyReused
        return earlier
    country = refuse_without_country(user)
    refuse_paused(user)
    tried = tries.note_try(user, address)
    try:
        found = _redeem(user=user, code=code, key=key, country=country)
    except refusals.CodeUsedByYou:
        tries.was_good(tried)
        raise
    tries.was_good(tried)
    return found


@transaction.atomic
def _redeem(*, user: User, code: str | None, key: UUID, country: Country) -> Redemption:
    # The fan first, as a sale does: limits and promises of one fan are decided one at a time.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = _locked(code)
    if row is None:
        raise refusals.CodeUnknown
    if earlier := Redemption.objects.filter(code=row, user=user).first():
        if earlier.key == key:
            return earlier
        raise refusals.CodeUsedByYou(earlier)
    _refuse(row, country)
    batch = row.batch
    Code.objects.filter(pk=row.pk).update(used=F("used") + 1)
    redemption = Redemption(code=row, user=user, key=key, coins=batch.coins)
    if batch.kind == Kind.PREPAID:
        redemption.purchase = _buy(user, row, key, country)
        redemption.save(force_insert=True)
    else:
        refuse_while_disputed(user)
        redemption.save(force_insert=True)
        lots.grant(user=user, coins=batch.coins, days=batch.bonus_days or 0, redemption=redemption)
    return redemption


def _locked(code: str | None) -> Code | None:
    """Return the code under its lock: of two fans who type it at once, one waits for the other."""
    if code is None:
        return None
    rows = Code.objects.select_for_update(of=("self",)).select_related("batch__region")
    return rows.filter(digest__in=digests(code)).first()


def _refuse(row: Code, country: Country) -> None:
    """Raise why a code cannot be redeemed now by somebody who lives there."""
    batch, now = row.batch, timezone.now()
    if batch.state == State.BLOCKED:
        raise refusals.CodeBlocked
    if batch.state != State.MADE or batch.valid_from > now:
        raise refusals.CodeUnknown
    if row.void_at:
        raise refusals.CodeVoid
    if row.used >= row.most_uses:
        raise refusals.CodeUsed
    if batch.valid_until <= now:
        raise refusals.CodeExpired(until=date_format(batch.valid_until, "j F Y"))
    if batch.region is not None and batch.region_id != country.region_id:
        raise refusals.CodeElsewhere(region=batch.region.name, country=country.name)


def _buy(user: User, row: Code, key: UUID, country: Country) -> Purchase:
    """Place an order of the card's coins at the card's price, and credit it: the card has paid."""
    batch = row.batch
    refuse_while_disputed(user)
    refuse_over_limit(user, batch.coins)
    price = within(batch.price_minor or 0, country)
    purchase = Purchase.objects.create(
        key=key,
        user=user,
        region=country.region,
        country=country,
        rate_card=RateCard.objects.current(),
        coins=batch.coins,
        currency=batch.currency,
        net_minor=price.net_minor,
        tax_minor=price.tax_minor,
        total_minor=price.total_minor,
        tax_name=country.tax_name,
        tax_rate_bp=country.tax_rate_bp,
        terms_version=Terms.objects.current().version,
        provider=NAME,
        method=NAME,
        # One order for each card, whatever else goes wrong: a constraint keeps references apart.
        provider_reference=f"{batch.public_id}:{row.number}",
    )
    PurchaseEvent.objects.create(purchase=purchase, state=Purchase.State.CREATED)
    capturing.capture([purchase])
    purchase.refresh_from_db()
    return purchase
