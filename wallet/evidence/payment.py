"""What the wallet and the account know: the order, the receipt, sign-ins, what was agreed to."""

from collections.abc import Iterator
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.traces import Kind
from foundation.figures import figure
from wallet.evidence.sections import MOST_ROWS, Section
from wallet.models import Dispute, Document, OrderTrace, Purchase, TopUp

SHORT = 12  # signs of a digest by which two are told apart


def sections(dispute: Dispute) -> Iterator[Section]:
    """Yield the parts of the payment and of its buyer."""
    purchase = dispute.purchase
    yield _payment(purchase)
    yield _buyer(purchase.user, purchase)
    yield from _origin(purchase)
    yield _sign_ins(purchase.user)
    yield _agreed(purchase)


def moment(at: datetime | None) -> str:
    """Return a moment as banks read it, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "–"


def receipt_number(purchase: Purchase) -> str:
    """Return the number of an order's receipt; a dash where it has none yet."""
    receipt = purchase.documents.filter(kind=Document.Kind.RECEIPT).first()
    return receipt.label if receipt else "–"


def _payment(purchase: Purchase) -> Section:
    facts: list[tuple[StrOrPromise, object]] = [
        (_("Order"), purchase.public_id),
        (_("Receipt"), receipt_number(purchase)),
        (_("Payment"), purchase.provider_reference),
        (_("Ordered"), moment(purchase.created_at)),
        (_("Paid"), moment(purchase.captured_at)),
        (_("Price"), purchase.net),
        (purchase.tax_name or _("Tax"), purchase.tax),
        (_("Total"), purchase.total),
        (_("Delivered"), _("%(coins)s coins, added at once") % {"coins": figure(purchase.coins)}),
    ]
    return Section(_("The payment"), tuple((str(name), str(value)) for name, value in facts))


def _buyer(user: User, purchase: Purchase) -> Section:
    verified = user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()  # type: ignore[attr-defined]  # allauth's reverse name
    earlier = user.purchases.filter(captured_at__lt=purchase.captured_at).count()
    facts: list[tuple[StrOrPromise, object]] = [
        (_("Name"), user.name),
        (_("Handle"), f"@{user.handle}"),
        (_("Email"), f"{user.email} ({_('verified') if verified else _('not verified')})"),
        (_("Country"), purchase.country),
        (_("Country of the card"), purchase.paid_from or _("not known")),
        (_("Joined"), moment(user.date_joined)),
        (_("Orders paid before"), figure(earlier)),
    ]
    return Section(_("The buyer"), tuple((str(name), str(value)) for name, value in facts))


def _origin(purchase: Purchase) -> Iterator[Section]:
    """Yield where the order came from, as long as it is kept."""
    trace = OrderTrace.objects.filter(purchase=purchase).first()
    if trace is None or not (trace.network or trace.device):
        return
    used = _same_device(purchase, trace)
    facts: list[tuple[StrOrPromise, object]] = [
        (_("Address"), trace.ip or trace.network or _("not known")),
        (_("Browser"), trace.device[:SHORT] or _("not known")),
        (_("Used by this account since"), used or _("not known")),
        (_("Age of the account"), _("%(days)s days") % {"days": figure(trace.account_days)}),
        (_("Bank of the card"), trace.bank or _("not known")),
    ]
    yield Section(
        _("Where the order came from"), tuple((str(name), str(value)) for name, value in facts)
    )


def _same_device(purchase: Purchase, trace: OrderTrace) -> str:
    """Return since when the buyer's account was used in the browser that ordered."""
    known = purchase.user.traces.filter(kind=Kind.DEVICE, value=trace.device).first()
    return moment(known.first_at) if known else ""


def _sign_ins(user: User) -> Section:
    known = UserSession.objects.filter(user=user).order_by("-last_seen_at")[:MOST_ROWS]
    rows = tuple(
        (moment(each.created_at), moment(each.last_seen_at), str(each.ip), each.user_agent)
        for each in known
    )
    return Section(
        _("Signed-in browsers"),
        heads=(_("Signed in"), _("Last seen"), _("Address"), _("Device")),
        rows=rows,
        note=_("Browsers that were signed out are not kept."),
        log=True,
    )


def _agreed(purchase: Purchase) -> Section:
    facts: list[tuple[StrOrPromise, object]] = [
        (
            _("Terms"),
            _("version %(version)s, accepted with the order") % {"version": purchase.terms_version},
        ),
        (_("House rules"), _("accepted on joining, %(at)s") % {"at": _joined(purchase)}),
    ]
    facts += _by_itself(purchase.top_up) if purchase.top_up else BY_A_PRESS
    return Section(
        _("What the buyer agreed to"), tuple((str(name), str(value)) for name, value in facts)
    )


BY_A_PRESS: list[tuple[StrOrPromise, object]] = [
    (
        gettext_lazy("Price and tax"),
        gettext_lazy("shown before the order, which was placed by a press"),
    ),
    (gettext_lazy("Payment"), gettext_lazy("confirmed on the payment service's own page")),
]


def _by_itself(top_up: TopUp) -> list[tuple[StrOrPromise, object]]:
    """Return what the buyer agreed to before an order that nobody pressed for."""
    agreed = {"at": moment(top_up.consented_at), "version": top_up.consent_version}
    return [
        (_("Auto top-up"), top_up.consent),
        (
            _("Agreed to"),
            _("%(at)s, version %(version)s, after confirming who they are") % agreed,
        ),
        (_("Payment"), _("charged to the card saved on the payment service's own page")),
    ]


def _joined(purchase: Purchase) -> str:
    return moment(purchase.user.date_joined)
