"""The protocol of payment providers. Their own words end here; the wallet knows only these."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Country
from foundation.errors import DomainError
from foundation.money import Money, exact, money
from wallet.models import Purchase, Refund, SavedMethod


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
    message = _("This payment method isn't available here. Choose another one.")
    field = "method"


class CannotCharge(DomainError):
    """The provider takes nothing from this saved method any more; nothing was charged."""

    code = "method_gone"
    message = _("Your saved card can't be charged any more. Use another one.")


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
class Instructions:
    """How a fan pays an order by themselves: to whom, with which reference, how much, until when.

    `amount_minor` is what is still to come, `received_minor` what came. Money that comes after
    `until` is taken up to `honoured_until` if it is all of the price. `code` is an SVG of a QR code
    for banking apps, empty where there is none; `checking` that somebody looks at money that came.
    """

    beneficiary: str
    iban: str
    bic: str
    reference: str
    amount_minor: int
    received_minor: int
    currency: str
    until: date
    honoured_until: date
    code: SafeString
    checking: bool

    @property
    def amount(self) -> Money:
        """What is still to come."""
        return money(self.amount_minor, self.currency)

    @property
    def received(self) -> Money:
        """What came so far."""
        return money(self.received_minor, self.currency)

    @property
    def plain_amount(self) -> str:
        """What is still to come, as one types it into a form."""
        return exact(self.amount)

    @property
    def plain_iban(self) -> str:
        """The IBAN as one pastes it."""
        return self.iban.replace(" ", "")

    @property
    def plain_reference(self) -> str:
        """The reference as one pastes it."""
        return self.reference.replace(" ", "")


class RefundStatus(StrEnum):
    """A refund's state at the provider, in the wallet's words."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class ProviderRefund:
    """A refund as the provider has it.

    `refund` is our own id, given when we asked for it; empty for one that somebody made on the
    provider's own site. `why` says in the provider's words why it failed.
    """

    reference: str
    refund: str
    status: RefundStatus
    amount_minor: int
    currency: str
    why: str = ""


class DisputeStatus(StrEnum):
    """A dispute's state at the provider, in the wallet's words."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class ProviderDispute:
    """A buyer's complaint at their bank, as the provider has it.

    `inquiry` is a question of the bank that has moved no money (yet). A dispute that the buyer
    withdrew is won. `fee_minor` is what the provider charges for it, in `currency`.
    """

    reference: str
    status: DisputeStatus
    amount_minor: int
    currency: str
    reason: str
    inquiry: bool = False
    fee_minor: int = 0
    evidence_due_at: datetime | None = None


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as the provider has it when asked. `order` is our own id, given at the start.

    With it come all its refunds and disputes: one question answers everything about one order.
    `payment_reference` is a second name under which the provider may speak of it in notices.

    `country` is where the card was issued or the bank account is held (ISO 3166, two letters),
    and empty when the provider does not say. It proves, beside the country that the fan named,
    whose tax is due: two proofs that do not contradict each other are what EU Regulation 282/2011,
    article 24b, asks for.

    `card` is the provider's own name for the card or the debited account, the same whenever it
    pays again and whoever pays with it; `bank` the bank that issued it. Neither is a card number.
    """

    reference: str
    order: str
    status: Status
    amount_minor: int
    currency: str
    country: str = ""
    payment_reference: str = ""
    card: str = ""
    bank: str = ""
    refunds: tuple[ProviderRefund, ...] = ()
    disputes: tuple[ProviderDispute, ...] = ()
    # Of a declined one: the bank would take it if the payer were there to confirm.
    asks_payer: bool = False


class SavingStatus(StrEnum):
    """Whether a method was saved at the provider, in the wallet's words."""

    OPEN = "open"
    SAVED = "saved"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ProviderMethod:
    """A method that the fan saves, as the provider has it. `saved` is our own id, given before."""

    reference: str
    saved: str
    status: SavingStatus
    customer: str = ""
    method: str = ""
    brand: str = ""
    last4: str = ""


class MovementKind(StrEnum):
    """What moved our balance at the provider, in the wallet's words."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True)
class Movement:
    """A line of the provider's own book: our balance there moved by `amount_minor - fee_minor`.

    `about` is our order of a charge, else the provider's reference of a refund or dispute;
    `payment` the payment's second reference. `source_minor` is the amount as it was charged or
    refunded, which differs where the provider converts it. Money that left us is below zero.
    """

    reference: str
    kind: MovementKind
    amount_minor: int
    fee_minor: int
    currency: str
    source_minor: int
    source_currency: str
    moved_at: datetime
    about: str = ""
    payment: str = ""


@dataclass(frozen=True)
class Evidence:
    """What we tell a bank about a disputed payment: a document, and facts by the provider's names.

    Keys: customer_name, customer_email_address, customer_purchase_ip, access_activity_log,
    product_description, service_date, refund_policy_disclosure, uncategorized_text. What we do not
    know is left out.
    """

    pdf: bytes
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Notice:
    """A webhook's content: its own id and the payment to inspect.

    `reference` is either of the payment's two names.
    """

    event_id: str
    reference: str


class Provider(Protocol):
    """One company that moves money for us."""

    name: str

    def methods(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return the ways to pay this amount from a country."""

    def start(self, purchase: Purchase) -> Started:
        """Open a purchase's payment, or find the one opened before. Raises `Unreachable`."""

    def fetch(self, reference: str) -> ProviderPayment:
        """Return where a payment stands: the only source of truth. Raises `Unreachable`."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a webhook names once its sender is proved. Raises `BadSignature`."""

    def refund(self, refund: Refund) -> ProviderRefund:
        """Give money of a paid order back, once per refund: its `public_id` is the key.

        Raises `Unreachable` when the answer is unclear; a refusal is a refund that failed.
        """

    def hand_in(self, reference: str, evidence: Evidence) -> None:
        """Answer a dispute, once and for good. Raises `Unreachable` when the answer is unclear."""

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that changed since: what lost webhooks would have told."""


@runtime_checkable
class FarAway(Protocol):
    """A provider whose `fetch` waits for the network and uses no database: threads may call it."""

    name: str

    def together(self, references: Iterable[str]) -> Callable[[str], ProviderPayment]:
        """Return a `fetch` for the payments of one batch, named from the newest order to the
        oldest, that begins now: what it can ask of many at once it asks once.
        """


@runtime_checkable
class KeepsBook(Protocol):
    """A provider that keeps our money for a while and tells every line of its book."""

    name: str

    def movements(self, since: datetime) -> Iterable[Movement]:
        """Return what moved our balance since, the oldest first. Raises `Unreachable`."""


@runtime_checkable
class TellsNews(Protocol):
    """A provider that can be asked for the webhooks that it sent, or wanted to send."""

    name: str

    def news(self, since: datetime) -> Iterable[tuple[Notice, bytes]]:
        """Return news of refunds, disputes and late payments since. Raises `Unreachable`."""


@runtime_checkable
class SavesMethods(Protocol):
    """A provider that keeps a method for a fan and charges it later without them."""

    name: str

    def savable(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return the ways to pay this amount that can be saved and charged later."""

    def start_saving(self, saved: SavedMethod) -> Started:
        """Open the page on which the fan saves a method, once per row. Raises `Unreachable`."""

    def fetch_saved(self, reference: str) -> ProviderMethod:
        """Return what became of that page: the only source of truth. Raises `Unreachable`."""

    def charge(self, purchase: Purchase, saved: SavedMethod) -> Started:
        """Charge a purchase to a saved method, once: its `public_id` is the key.

        A bank that says no is an answer too: `fetch` tells it. Raises `CannotCharge` for a method
        that the provider does not know any more, `Unreachable` when the answer is unclear.
        """

    def charged(self, purchase: Purchase, saved: SavedMethod) -> Started | None:
        """Return the charge that was made for a purchase, if one was. Raises `Unreachable`."""

    def forget(self, saved: SavedMethod) -> None:
        """Remove a saved method; again is the same. Raises `Unreachable`."""


@runtime_checkable
class Instructs(Protocol):
    """A provider to whom the fan sends the money by themselves, over days."""

    name: str
    # How long an unpaid order of it stays open at most.
    waits: timedelta

    def instructions(self, purchase: Purchase) -> Instructions | None:
        """Return how an order is paid; nothing before its payment was started."""
