"""Saved cards at the provider: led to its page, asked what became of it, removed."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from foundation import due_rows
from wallet.models import Purchase, SavedMethod
from wallet.providers import registry
from wallet.providers.base import SavingStatus, Started
from wallet.top_ups import agreeing

State = SavedMethod.State
LEASE = timedelta(seconds=30)
PAGE_LASTS = timedelta(hours=25)  # the provider's own day, and an hour
BATCH = 20


def open_page(saved: SavedMethod) -> Started:
    """Open the provider's page on which a card is saved, or find it. Raises `Unreachable`."""
    # Claim, call, settle: the row is the claim, its id the provider's idempotency key.
    started = registry.keeping(saved.provider).start_saving(saved)
    SavedMethod.objects.filter(pk=saved.pk, state=State.WAITING).update(
        setup_reference=started.reference
    )
    saved.refresh_from_db()
    return started


def inspect(saved: SavedMethod) -> SavedMethod:
    """Ask the provider what became of a card, or remove it there. Raises `Unreachable`."""
    if saved.state == State.WAITING:
        _ask(saved)
    elif saved.state == State.REMOVING:
        _remove(saved)
    saved.refresh_from_db()
    return saved


def _ask(saved: SavedMethod) -> None:
    age = timezone.now() - saved.created_at
    if not saved.setup_reference:
        if age > PAGE_LASTS:
            agreeing.not_saved(saved)
        else:
            open_page(saved)
        return
    found = registry.keeping(saved.provider).fetch_saved(saved.setup_reference)
    ours = found.saved == str(saved.public_id) and found.reference == saved.setup_reference
    if found.status == SavingStatus.SAVED and ours:
        agreeing.saved(
            saved,
            {
                "customer_reference": found.customer,
                "method_reference": found.method,
                "brand": found.brand.capitalize(),
                "last4": found.last4,
            },
        )
    elif found.status == SavingStatus.EXPIRED or age > PAGE_LASTS or not ours:
        agreeing.not_saved(saved)
    else:
        wait = min(max(age / 6, timedelta(seconds=5)), due_rows.LONGEST_WAIT)
        SavedMethod.objects.filter(pk=saved.pk).update(due_at=Now() + wait, attempts=0)


def _remove(saved: SavedMethod) -> None:
    """Remove a card at the provider once no order waits for it."""
    orders = Purchase.objects.filter(top_up__saved_method=saved, state__in=Purchase.OPEN)
    if orders.exists():
        SavedMethod.objects.filter(pk=saved.pk).update(due_at=Now() + LEASE, attempts=0)
        return
    registry.keeping(saved.provider).forget(saved)
    saved.move(State.REMOVED, due_at=None, attempts=0, needs_attention="")


def sweep() -> int:
    """Inspect the cards that are due, and return how many they were."""
    claimed = due_rows.claim(SavedMethod.objects.all(), lease=LEASE, most=BATCH)
    for saved in claimed:
        saved.refresh_from_db()
        try:
            inspect(saved)
        except Exception as trouble:
            due_rows.put_off(saved, f"Saved card {saved.public_id}", trouble)
    return len(claimed)
