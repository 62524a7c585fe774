"""The sandbox behind the same protocol as a real provider. It moves no money."""

import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from foundation.errors import DomainError
from foundation.incoming import json_of
from wallet.models import (
    Purchase,
    Refund,
    SandboxDispute,
    SandboxPayment,
    SandboxRefund,
    SandboxSavedCard,
    SavedMethod,
)
from wallet.providers.base import (
    BadSignature,
    CannotCharge,
    DisputeStatus,
    Evidence,
    Method,
    Notice,
    ProviderDispute,
    ProviderMethod,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    SavingStatus,
    Started,
    Status,
    Unreachable,
)
from wallet.providers.sandbox import disputes

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
DISPUTE_STATUS = {
    SandboxDispute.State.INQUIRY: DisputeStatus.NEEDS_RESPONSE,
    SandboxDispute.State.NEEDS_RESPONSE: DisputeStatus.NEEDS_RESPONSE,
    SandboxDispute.State.UNDER_REVIEW: DisputeStatus.UNDER_REVIEW,
    SandboxDispute.State.WON: DisputeStatus.WON,
    SandboxDispute.State.LOST: DisputeStatus.LOST,
}


def sign(body: bytes, at: int) -> str:
    """Return the signature header of a webhook's body."""
    signed = f"{at}.".encode() + body
    digest = hmac.new(settings.WEBHOOK_SECRET_SANDBOX.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class SandboxProvider:
    """Takes cards that do not exist and remembers what the person pressed on its pay page."""

    name = "sandbox"

    def methods(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
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
                "method": purchase.method,
                "amount_minor": purchase.total_minor,
                "currency": purchase.currency,
                "description": f"{purchase.coins:,} coins",
                "country": purchase.country_id,
                "card": str(purchase.user.public_id),
                "return_url": reverse("wallet:order", args=[purchase.public_id]),
            },
        )
        page = "wallet:sandbox_bank" if payment.by_bank else "wallet:sandbox_pay"
        return Started(str(payment.reference), reverse(page, args=[payment.reference]))

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

    def savable(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return the card, everywhere."""
        return self.methods(country=country, currency=currency, amount_minor=amount_minor)[:1]

    def start_saving(self, saved: SavedMethod) -> Started:
        """Open the page on which a card is saved, or find the one opened before."""
        card, _created = SandboxSavedCard.objects.get_or_create(
            idempotency_key=str(saved.public_id), defaults={"return_url": reverse("wallet:top_up")}
        )
        page = reverse("wallet:sandbox_save", args=[card.reference])
        return Started(str(card.reference), page)

    def fetch_saved(self, reference: str) -> ProviderMethod:
        """Return whether a card was saved in the sandbox."""
        card = SandboxSavedCard.objects.filter(pk=reference).first()
        if card is None:
            raise Unreachable
        done = bool(card.plays)
        return ProviderMethod(
            reference=str(card.reference),
            saved=card.idempotency_key,
            status=SavingStatus.SAVED if done else SavingStatus.OPEN,
            customer=f"sandbox-{card.reference}" if done else "",
            method=str(card.reference) if done else "",
            brand="Visa" if done else "",
            last4="4242" if done else "",
        )

    @transaction.atomic
    def charge(self, purchase: Purchase, saved: SavedMethod) -> Started:
        """Take a payment from a saved card at once, as its bank plays."""
        card = SandboxSavedCard.objects.select_for_update().get(pk=saved.method_reference)
        if card.removed:
            raise CannotCharge
        state = SandboxPayment.State
        payment, _created = SandboxPayment.objects.get_or_create(
            idempotency_key=str(purchase.public_id),
            defaults={
                "method": purchase.method,
                "amount_minor": purchase.total_minor,
                "currency": purchase.currency,
                "description": f"{purchase.coins:,} coins",
                "country": purchase.country_id,
                "return_url": reverse("wallet:order", args=[purchase.public_id]),
                "saved_card": card,
                "state": state.SUCCEEDED
                if card.plays == SandboxSavedCard.Plays.PAYS
                else state.DECLINED,
            },
        )
        return Started(str(payment.reference), "")

    def charged(self, purchase: Purchase, saved: SavedMethod) -> Started | None:
        """Return the payment that was taken for a purchase, if one was."""
        found = SandboxPayment.objects.filter(idempotency_key=str(purchase.public_id)).first()
        return Started(str(found.reference), "") if found else None

    def forget(self, saved: SavedMethod) -> None:
        """Remove a saved card."""
        SandboxSavedCard.objects.filter(pk=saved.method_reference).update(removed=True)

    @transaction.atomic
    def refund(self, refund: Refund) -> ProviderRefund:
        """Give money back at once, never more than the payment brought."""
        payment = SandboxPayment.objects.select_for_update().get(
            pk=refund.purchase.provider_reference
        )
        given = payment.refunds.filter(failed="").aggregate(Sum("amount_minor"))
        left = payment.amount_minor - (given["amount_minor__sum"] or 0)
        made, _created = SandboxRefund.objects.get_or_create(
            idempotency_key=str(refund.public_id),
            defaults={
                "payment": payment,
                "amount_minor": refund.total_minor,
                "failed": "" if refund.total_minor <= left else "charge_already_refunded",
            },
        )
        return _provider_refund(made)

    @transaction.atomic
    def hand_in(self, reference: str, evidence: Evidence) -> None:
        """Take evidence for a dispute; the bank looks at it from now on."""
        dispute = SandboxDispute.objects.select_for_update().get(pk=reference)
        dispute.evidence = dict(evidence.facts)
        disputes.move(dispute, SandboxDispute.State.UNDER_REVIEW)

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that changed since."""
        return [_provider_payment(p) for p in SandboxPayment.objects.filter(changed_at__gte=since)]


def _provider_refund(refund: SandboxRefund) -> ProviderRefund:
    return ProviderRefund(
        reference=str(refund.reference),
        refund=refund.idempotency_key,
        status=RefundStatus.FAILED if refund.failed else RefundStatus.DONE,
        amount_minor=refund.amount_minor,
        currency=refund.payment.currency,
        why=refund.failed,
    )


def _provider_dispute(dispute: SandboxDispute) -> ProviderDispute:
    return ProviderDispute(
        reference=str(dispute.reference),
        status=DISPUTE_STATUS[SandboxDispute.State(dispute.state)],
        amount_minor=dispute.amount_minor,
        currency=dispute.payment.currency,
        reason=dispute.reason,
        inquiry=dispute.inquiry,
        fee_minor=dispute.fee_minor,
        evidence_due_at=dispute.evidence_due_at,
    )


def _provider_payment(payment: SandboxPayment) -> ProviderPayment:
    return ProviderPayment(
        reference=str(payment.reference),
        order=payment.idempotency_key,
        status=STATUS[SandboxPayment.State(payment.state)],
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        country=payment.country,
        card=payment.card,
        bank="Sandbox bank" if payment.card else "",
        refunds=tuple(map(_provider_refund, payment.refunds.order_by("created_at"))),
        disputes=tuple(map(_provider_dispute, payment.disputes.order_by("created_at"))),
        asks_payer=payment.state == SandboxPayment.State.DECLINED
        and payment.saved_card is not None
        and payment.saved_card.plays == SandboxSavedCard.Plays.ASKS,
    )


provider = SandboxProvider()
