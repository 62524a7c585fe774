"""Whether this process lives (`/healthz`) and whether the site can serve (`/readyz`)."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from gifts.models import SentGift
from ledger import open_transactions
from ledger.models import Checkpoint, LedgerCheck
from payouts.models import Payout
from wallet.models import Purchase, WebhookEvent

log = logging.getLogger(__name__)

LATEST_SWEEP_S = 60
OLDEST_JOB_S = 300


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all; asks no other service."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the site can serve and its jobs run, else 503; the body says what is late, in
    seconds.
    """
    try:
        report = inspect()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    return JsonResponse(report, status=200 if report["ready"] else 503)


def inspect() -> dict[str, Any]:
    """Return the state of the database, the migrations and the jobs."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return {"ready": False, "database": "ok", "migrations_missing": missing}
    newest_check = LedgerCheck.objects.order_by("-ran_at").first()
    report: dict[str, Any] = {
        "database": "ok",
        "migrations_missing": 0,
        "last_sweep_age_s": age(last_sweep()),
        "oldest_due_job_age_s": age(oldest_due()) or 0,
        "oldest_transaction_age_s": age(min(open_transactions.open_since(), default=None)) or 0,
        "ledger_checkpoint_age_s": age(
            Checkpoint.objects.values_list("moved_at", flat=True).get(pk=1)
        ),
        "ledger_balances": newest_check.ok if newest_check else None,
    }
    report["ready"] = (
        report["last_sweep_age_s"] is not None
        and report["last_sweep_age_s"] <= LATEST_SWEEP_S
        and report["oldest_due_job_age_s"] <= OLDEST_JOB_S
    )
    return report


def last_sweep() -> datetime | None:
    """Return when a job last ran; nothing too when the cache that knows does not answer."""
    try:
        moment: datetime | None = cache.get("jobs:last-sweep")
    except Exception:
        log.warning("The cache did not answer.", exc_info=True)
        return None
    return moment


def age(moment: datetime | None) -> int | None:
    """Return how many whole seconds ago something was."""
    return None if moment is None else max(0, int((timezone.now() - moment).total_seconds()))


def oldest_due() -> datetime | None:
    """Return since when the longest waiting job is due; None when nothing waits."""
    now = timezone.now()
    moments = (
        Purchase.objects.filter(due_at__lte=now, needs_attention="").aggregate(at=Min("due_at")),
        WebhookEvent.objects.filter(processed_at=None).aggregate(at=Min("received_at")),
        Payout.objects.filter(due_at__lte=now, needs_attention="").aggregate(at=Min("due_at")),
        SentGift.objects.due_for_release().aggregate(at=Min("release_at")),
    )
    return min((row["at"] for row in moments if row["at"]), default=None)


urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
