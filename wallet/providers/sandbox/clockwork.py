"""The sandbox's own machines: they let slow payments arrive and deliver webhooks."""

import json
import logging
import time
from datetime import timedelta
from http import HTTPStatus
from urllib import request as web

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from foundation import due_rows
from wallet.models import SandboxNotice, SandboxPayment
from wallet.providers.sandbox.provider import SIGNATURE_HEADER, sign

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
TIMEOUT_SECONDS = 3
BATCH = 20
GIVE_UP_AFTER = 12


def run() -> None:
    """Settle what has become due, then deliver what is owed."""
    settle_slow_payments()
    deliver_notices()


@transaction.atomic
def settle_slow_payments() -> int:
    """Let payments whose time has come succeed, and return how many did."""
    due = SandboxPayment.objects.select_for_update(skip_locked=True).filter(
        state=SandboxPayment.State.PROCESSING, settles_at__lte=Now()
    )
    return sum(payment.move(SandboxPayment.State.SUCCEEDED) for payment in due[:BATCH])


def deliver_notices() -> int:
    """Post the webhooks that are due, and return how many were heard."""
    heard = 0
    owed = SandboxNotice.objects.filter(delivered_at=None, attempts__lt=GIVE_UP_AFTER)
    for notice in due_rows.claim(owed, lease=LEASE, most=BATCH):
        same = SandboxNotice.objects.filter(pk=notice.pk)
        if post(notice):
            heard += same.update(delivered_at=Now())
        else:
            same.update(due_at=Now() + timedelta(seconds=2 ** (notice.attempts - 1)))
    return heard


def post(notice: SandboxNotice) -> bool:
    """Send one webhook as a provider would, and return whether it was answered with 200."""
    told = {"id": str(notice.pk), "type": "payment.changed", "payment": str(notice.payment_id)}
    body = json.dumps(told).encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: sign(body, int(time.time())),
    }
    address = f"{settings.PUBLIC_URL}/webhooks/sandbox/"
    try:
        asked = web.Request(address, data=body, headers=headers, method="POST")  # noqa: S310  # our own address
        with web.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, ValueError) as trouble:
        log.info("The sandbox's webhook was not heard: %s", trouble)
        return False
