"""An account at Stripe and all that happens to it outside of our API calls.

Payers pay or do not, banks take their time, money comes back, staff press buttons in the dashboard.
Each of these is an event.
"""

from typing import Any

from stripe_standin import objects
from stripe_standin.errors import Refusal
from stripe_standin.store import Store, Thing, now

METHODS = [
    "card",
    "link",
    "sepa_debit",
    "ideal",
    "bancontact",
    "eps",
    "p24",
    "pix",
    "boleto",
    "oxxo",
    "konbini",
    "au_becs_debit",
    "acss_debit",
    "us_bank_account",
    "upi",
    "twint",
    "multibanco",
]
DEFAULT_COUNTRY = "DE"


class Account:
    """The money, the payments and the news of one account."""

    def __init__(self, store: Store, pay_url: str = "http://localhost/pay/") -> None:
        self.store = store
        self.pay_url = pay_url
        self.methods = list(METHODS)
        # What the account is paid out in, by currency, as (currency, rate); else the charge's own.
        self.converts: dict[str, tuple[str, float]] = {}

    # --- What we ask again and again -------------------------------------------------------

    def tell(self, kind: str, about: Thing) -> None:
        """Make news of what happened to an object."""
        seen = {name: value for name, value in about.items() if not name.startswith("x_")}
        told = self.store.put(objects.event(kind, seen))
        self.store.owe(told["id"])

    def change(self, thing: Thing, **changes: Any) -> Thing:
        """Change an object and return it."""
        return self.store.put(thing | changes)

    def session(self, name: str) -> Thing:
        """Return a session that there is."""
        found = self.store.get(name)
        if found is None or found["object"] != "checkout.session":
            raise KeyError(name)
        return found

    def intent_of(self, session: Thing) -> Thing:
        """Return the payment of a session, which exists from the payer's first try."""
        if session["payment_intent"]:
            found = self.store.get(session["payment_intent"])
            assert found is not None  # noqa: S101  # its session names it
            return found
        intent = self.store.put(objects.payment_intent(session, session["x_intent"]))
        session["payment_intent"] = intent["id"]
        self.store.put(session)
        return intent

    def charge_of(self, intent: Thing) -> Thing | None:
        """Return the charge that took a payment's money, if one did."""
        charge = self.store.get(intent["latest_charge"]) if intent["latest_charge"] else None
        return charge if charge and charge["paid"] else None

    def balances(self) -> dict[str, int]:
        """Return what the account holds in each currency."""
        held: dict[str, int] = {}
        for line in self.store.all("balance_transaction"):
            held[line["currency"]] = held.get(line["currency"], 0) + line["net"]
        return held

    def book(self, kind: str, amount: int, of: Thing, *, fee: int = 0, category: str = "") -> Thing:
        """Write a line about a charge, refund or dispute, converted where the account converts."""
        currency, rate = self.converts.get(of["currency"], (of["currency"], None))
        line = objects.balance_transaction(
            kind,
            category or kind,
            amount if rate is None else round(amount * rate),
            currency,
            fee=fee,
            source=of["id"],
        )
        return self.store.put(line | {"exchange_rate": rate})

    # --- What payers and their banks do ------------------------------------------------------

    def pay(
        self, name: str, *, method: str = "", country: str = DEFAULT_COUNTRY, card: str = "4242"
    ) -> Thing:
        """Let a session be paid at once."""
        session = self._open(name)
        self.intent_of(session)
        method = method or session["payment_method_types"][0]
        return self._take(session, method, country, card=card)

    def _open(self, name: str) -> Thing:
        session = self.session(name)
        if session["status"] != "open":
            raise Refusal("This Checkout Session is over.")
        return session

    def _take(self, session: Thing, method: str, country: str, *, card: str = "4242") -> Thing:
        late = session["status"] == "complete"
        intent = self.intent_of(session)
        charge = self.store.put(objects.charge(intent, method, country, card=card))
        currency, _rate = self.converts.get(charge["currency"], (charge["currency"], None))
        fee = charge["amount"] * objects.CARD_FEE_THOUSANDTHS // 1000 + objects.CARD_FEE_FIXED
        if currency != charge["currency"]:
            fee = objects.CARD_FEE_FIXED
        kind = "charge" if method == "card" else "payment"
        line = self.book(kind, charge["amount"], charge, fee=fee, category="charge")
        self.change(charge, balance_transaction=line["id"])
        self.change(
            intent,
            status="succeeded",
            amount_received=intent["amount"],
            latest_charge=charge["id"],
            next_action=None,
        )
        paid = self.change(session, status="complete", payment_status="paid", url=None)
        self.tell("charge.succeeded", charge)
        kind = "async_payment_succeeded" if late else "completed"
        self.tell(f"checkout.session.{kind}", paid)
        return paid

    def save_card(self, name: str, *, plays: str = "pays", country: str = DEFAULT_COUNTRY) -> Thing:
        """Let somebody save a card; `plays` is what its bank says later: pays, declines, asks."""
        session = self._open(name)
        customer = self.store.put(objects.customer())
        card = objects.payment_method(customer["id"], country) | {"x_plays": plays}
        self.store.put(card)
        setup = objects.setup_intent(customer["id"], card["id"], session["x_setup"])
        self.store.put(setup)
        done = self.change(
            session,
            status="complete",
            url=None,
            customer=customer["id"],
            setup_intent=setup["id"],
        )
        self.tell("checkout.session.completed", done)
        return done

    def change_bank(self, customer: str, plays: str) -> None:
        """Let a customer's bank say something else from now on."""
        for card in self.store.all("payment_method"):
            if card["customer"] == customer:
                self.change(card, x_plays=plays)

    def charge_saved(self, intent: Thing, card: Thing) -> Thing:
        """Take a payment from a saved card, or let its bank refuse. Raises `Refusal`."""
        self.store.put(intent)
        country = card["card"]["country"]
        if card["x_plays"] == "pays":
            charge = self.store.put(objects.charge(intent, "card", country))
            fee = charge["amount"] * objects.CARD_FEE_THOUSANDTHS // 1000 + objects.CARD_FEE_FIXED
            line = self.book("charge", charge["amount"], charge, fee=fee)
            self.change(charge, balance_transaction=line["id"])
            paid = {"amount_received": intent["amount"], "latest_charge": charge["id"]}
            self.tell("charge.succeeded", charge)
            return self.change(intent, status="succeeded", **paid)
        code = "authentication_required" if card["x_plays"] == "asks" else "card_declined"
        charge = self.store.put(objects.charge(intent, "card", country, failure=code))
        failed = {"type": "card_error", "code": code, "message": charge["failure_message"]}
        intent = self.change(intent, last_payment_error=failed, latest_charge=charge["id"])
        self.tell("payment_intent.payment_failed", intent)
        refusal = Refusal(charge["failure_message"], code=code, kind="card_error", status=402)
        refusal.body["error"]["payment_intent"] = intent
        raise refusal

    def decline(self, name: str, *, code: str = "card_declined") -> Thing:
        """Let the payer's bank refuse; the session stays open for another try."""
        session = self._open(name)
        intent = self.intent_of(session)
        charge = self.store.put(objects.charge(intent, "card", DEFAULT_COUNTRY, failure=code))
        failed = {"type": "card_error", "code": code, "message": charge["failure_message"]}
        intent = self.change(
            intent,
            status="requires_payment_method",
            last_payment_error=failed,
            latest_charge=charge["id"],
            next_action=None,
        )
        self.tell("payment_intent.payment_failed", intent)
        return session

    def challenge(self, name: str) -> Thing:
        """Let the payer's bank ask who they are; `pay` or `decline` answers."""
        session = self._open(name)
        step = {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": None}}
        intent = self.change(self.intent_of(session), status="requires_action", next_action=step)
        self.tell("payment_intent.requires_action", intent)
        return session

    def pay_later(self, name: str) -> Thing:
        """Let the payer finish while the money is still on its way."""
        session = self._open(name)
        self.change(self.intent_of(session), status="processing", next_action=None)
        done = self.change(session, status="complete", url=None)
        self.tell("checkout.session.completed", done)
        return done

    def arrive(
        self, name: str, *, method: str = "sepa_debit", country: str = "DE", card: str = "4242"
    ) -> Thing:
        """Let money that was on its way arrive; `card` is the account that is debited."""
        return self._take(self.session(name), method, country, card=card)

    def fail_later(self, name: str) -> Thing:
        """Let money that was on its way never arrive."""
        session = self.session(name)
        failed = {"type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed"}
        self.change(
            self.intent_of(session), status="requires_payment_method", last_payment_error=failed
        )
        self.tell("checkout.session.async_payment_failed", session)
        return session

    def expire(self, name: str) -> Thing:
        """Let a session's time be over."""
        session = self.change(self._open(name), status="expired", url=None)
        self.tell("checkout.session.expired", session)
        return session

    def expire_due(self) -> None:
        """Let the sessions expire whose time has come."""
        for session in self.store.listed("checkout.session", status="open"):
            if session["expires_at"] <= now():
                self.expire(session["id"])

    # --- Money that goes back ---------------------------------------------------------------

    def give_back(self, charge: Thing, amount: int, metadata: Thing) -> Thing:
        """Refund a charge, from the API or the dashboard. Raises `Refusal`."""
        left = charge["amount"] - charge["amount_refunded"]
        if left == 0:
            said = f"Charge {charge['id']} has already been refunded."
            raise Refusal(said, code="charge_already_refunded")
        if charge["disputed"]:
            said = f"Charge {charge['id']} has been charged back."
            raise Refusal(said, code="charge_disputed")
        if not 0 < amount <= left:
            said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise Refusal(said, code="amount_too_large", param="amount")
        refund = objects.refund(charge, amount, metadata)
        refund["balance_transaction"] = self.book("refund", -amount, refund)["id"]
        self._refunded(charge, amount)
        self.tell("refund.created", self.store.put(refund))
        return refund

    def _refunded(self, charge: Thing, amount: int) -> None:
        back = charge["amount_refunded"] + amount
        self.change(charge, amount_refunded=back, refunded=back == charge["amount"])

    def fail_refund(self, refund: Thing, why: str = "expired_or_canceled_card") -> Thing:
        """Let a refund come back, days later, because the payer's card is gone."""
        line = self.book("refund_failure", refund["amount"], refund)
        charge = self.store.get(refund["charge"])
        assert charge is not None  # noqa: S101  # its refund names it
        self._refunded(charge, -refund["amount"])
        failed = {"status": "failed", "failure_reason": why}
        refund = self.change(refund, **failed, failure_balance_transaction=line["id"])
        self.tell("refund.failed", refund)
        return refund

    # --- Disputes -----------------------------------------------------------------------------

    def open_dispute(
        self, charge: Thing, *, reason: str = "fraudulent", inquiry: bool = False
    ) -> Thing:
        """Let the payer complain at their bank; more than an inquiry takes the money away."""
        status = "warning_needs_response" if inquiry else "needs_response"
        dispute = objects.dispute(charge, charge["amount"], reason, status)
        if not inquiry:
            line = self.book(
                "adjustment",
                -dispute["amount"],
                dispute,
                fee=objects.DISPUTE_FEE,
                category="dispute",
            )
            dispute["balance_transactions"] = [line]
            self.change(charge, disputed=True)
        self.tell("charge.dispute.created", self.store.put(dispute))
        return dispute

    def take_evidence(self, dispute: Thing, evidence: Thing, *, submit: bool) -> Thing:
        """Take what we say about a dispute. Raises `Refusal` once it is not ours to answer."""
        status = dispute["status"]
        if status not in {"needs_response", "warning_needs_response"}:
            raise Refusal("This dispute is already closed.", code="dispute_closed")
        details = dispute["evidence_details"] | {"has_evidence": True}
        if submit:
            details["submission_count"] += 1
            status = status.replace("needs_response", "under_review")
        dispute = self.change(
            dispute,
            evidence=dispute["evidence"] | evidence,
            evidence_details=details,
            status=status,
        )
        self.tell("charge.dispute.updated", dispute)
        return dispute

    def close_dispute(self, dispute: Thing, *, won: bool) -> Thing:
        """Let the bank decide, or the payer withdraw: both give the money back to us."""
        lines = list(dispute["balance_transactions"])
        inquiry = dispute["status"].startswith("warning_")
        if won and lines:
            kind, category = "adjustment", "dispute_reversal"
            lines.append(self.book(kind, dispute["amount"], dispute, category=category))
        ends = "warning_closed" if inquiry else "won" if won else "lost"
        dispute = self.change(dispute, status=ends, balance_transactions=lines)
        self.tell("charge.dispute.closed", dispute)
        return dispute

    # --- The account's own money ---------------------------------------------------------------

    def pay_out(self, amount: int, currency: str) -> Thing:
        """Send money of the account to the owner's bank."""
        return self.store.put(
            objects.balance_transaction("payout", "payout", -amount, currency, source=None)
        )

    def charge_fee(self, amount: int, currency: str) -> Thing:
        """Take a fee that belongs to no payment."""
        return self.store.put(objects.balance_transaction("stripe_fee", "fee", -amount, currency))
