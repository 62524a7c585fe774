"""The sandbox behind the same protocol as a real provider. It moves no money."""

import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from foundation.errors import DomainError
from foundation.incoming import json_of
from wallet.models import Purchase, SandboxPayment
from wallet.providers.base import (
    BadSignature,
    Method,
    Notice,
    ProviderPayment,
    Started,
    Status,
    Unreachable,
)

SIGNATURE_HEADER = "Sandbox-Signature"
TOLERANCE_SECONDS = 300
STATUS = {
    SandboxPayment.State.OPEN: Status.OPEN,
    SandboxPayment.State.NEEDS_AUTHENTICATION: Status.AUTHENTICATING,
    SandboxPayment.State.PROCESSING: Status.PENDING,
    SandboxPayment.State.SUCCEEDED: Status.PAID,
    SandboxPayment.State.DECLINED: Status.DECLINED,
    SandboxPayment.State.EXPIRED: Status.EXPIRED,
}


def sign(body: bytes, at: int) -> str:
    """Return the signature header of a webhook's body."""
    signed = f"{at}.".encode() + body
    digest = hmac.new(settings.WEBHOOK_SECRET_SANDBOX.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class SandboxProvider:
    """Takes cards that do not exist and remembers what the person pressed on its pay page."""

    name = "sandbox"

    def methods(self, *, region: Region, currency: str, amount_minor: int) -> list[Method]:
        """Return a card and a slow bank, everywhere."""
        return [
            Method("card", _("Card"), _("Get your coins right away."), "credit-card"),
            Method(
                "bank", _("Bank account"), _("Get your coins when the payment arrives."), "landmark"
            ),
        ]

    def start(self, purchase: Purchase) -> Started:
        """Open a payment under the purchase's id, or find the one that was opened before."""
        payment, _created = SandboxPayment.objects.get_or_create(
            idempotency_key=str(purchase.public_id),
            defaults={
                "amount_minor": purchase.total_minor,
                "currency": purchase.currency,
                "description": f"{purchase.coins:,} coins",
                "return_url": reverse("wallet:order", args=[purchase.public_id]),
            },
        )
        return Started(
            str(payment.reference), reverse("wallet:sandbox_pay", args=[payment.reference])
        )

    def fetch(self, reference: str) -> ProviderPayment:
        """Return where a payment stands in the sandbox."""
        payment = SandboxPayment.objects.filter(pk=reference).first()
        if payment is None:
            raise Unreachable
        return _provider_payment(payment)

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check the signature and its age, then return what the webhook names."""
        parts = dict(
            part.split("=", 1)
            for part in headers.get(SIGNATURE_HEADER, "").split(",")
            if "=" in part
        )
        stamp = parts.get("t", "")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            raise BadSignature("no time")
        expected = sign(body, int(stamp))
        if not hmac.compare_digest(
            expected.encode(), f"t={stamp},v1={parts.get('v1', '')}".encode()
        ):
            raise BadSignature("wrong signature")
        if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            raise BadSignature("too old")
        try:
            told = json_of(body)
            return Notice(str(UUID(str(told["id"]))), str(UUID(str(told["payment"]))))
        except (DomainError, ValueError, KeyError, TypeError) as wrong:
            raise BadSignature("not a notice") from wrong

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that changed since."""
        return [_provider_payment(p) for p in SandboxPayment.objects.filter(changed_at__gte=since)]


def _provider_payment(payment: SandboxPayment) -> ProviderPayment:
    return ProviderPayment(
        reference=str(payment.reference),
        order=payment.idempotency_key,
        status=STATUS[SandboxPayment.State(payment.state)],
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


provider = SandboxProvider()
