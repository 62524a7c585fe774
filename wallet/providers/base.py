"""The protocol of payment providers. Their own words end here; the wallet knows only these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Region
from foundation.errors import DomainError
from wallet.models import Purchase


class Unreachable(DomainError):
    """The provider did not answer, or not clearly: neither success nor failure. Ask again later."""

    code = "provider_unreachable"
    status = 503
    message = _(
        "The payment service isn't responding. You were not charged. Try again in a minute."
    )


class ProviderOff(DomainError):
    """The payment method is not offered here."""

    code = "method_unavailable"
    status = 422
    message = _("This payment method isn't available here.")
    field = "method"


class BadSignature(Exception):
    """The webhook was not signed by the provider, or is too old."""


class Status(StrEnum):
    """A payment's state, in the wallet's words."""

    OPEN = "open"
    AUTHENTICATING = "authenticating"
    PENDING = "pending"
    PAID = "paid"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Method:
    """One way to pay, as a row on the checkout page."""

    slug: str
    name: StrOrPromise
    note: StrOrPromise
    icon: str


@dataclass(frozen=True)
class Started:
    """A payment that waits for the fan: its name at the provider and where the fan goes to pay."""

    reference: str
    url: str


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as the provider has it when asked. `order` is our own id, given at the start."""

    reference: str
    order: str
    status: Status
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Notice:
    """A webhook's content: its own id and the payment to inspect."""

    event_id: str
    reference: str


class Provider(Protocol):
    """One company that moves money for us."""

    name: str

    def methods(self, *, region: Region, currency: str, amount_minor: int) -> list[Method]:
        """Return the ways to pay this amount here."""

    def start(self, purchase: Purchase) -> Started:
        """Open a purchase's payment, or find the one opened before. Raises `Unreachable`."""

    def fetch(self, reference: str) -> ProviderPayment:
        """Return where a payment stands: the only source of truth. Raises `Unreachable`."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a webhook names once its sender is proved. Raises `BadSignature`."""

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that changed since: what lost webhooks would have told."""
