"""Stripe's objects, in the shape and with the words of its API description."""

from hashlib import sha256

from stripe_standin.store import Thing, new_id, now

DAY = 24 * 3600
CARD_FEE_THOUSANDTHS, CARD_FEE_FIXED = 29, 30
DISPUTE_FEE = 1500
PAID_OUT_AFTER = 2 * DAY
ISSUER = "Stripe Payments UK Limited"


def session(params: Thing, amount: int, url: str, types: list[str]) -> Thing:
    """Return a Checkout Session that waits for its payer."""
    name = new_id("cs_test")
    price = params["line_items"][0]["price_data"]
    return {
        "id": name,
        "object": "checkout.session",
        "adaptive_pricing": {
            "enabled": params.get("adaptive_pricing", {}).get("enabled") != "false"
        },
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now(),
        "currency": price["currency"],
        "custom_fields": [],
        "custom_text": {"after_submit": None, "submit": None},
        "customer": None,
        "customer_details": None,
        "customer_email": None,
        "expires_at": now() + DAY,
        "livemode": False,
        "locale": None,
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": types,
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
        "url": url + name,
    }


def saving_session(params: Thing, url: str) -> Thing:
    """Return a Checkout Session in setup mode, which waits for somebody to save a card."""
    name = new_id("cs_test")
    return {
        "id": name,
        "object": "checkout.session",
        "adaptive_pricing": None,
        "amount_subtotal": None,
        "amount_total": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": None,
        "created": now(),
        "currency": None,
        "custom_fields": [],
        "custom_text": {"after_submit": None, "submit": None},
        "customer": None,
        "customer_creation": params.get("customer_creation"),
        "customer_details": None,
        "customer_email": None,
        "expires_at": now() + DAY,
        "livemode": False,
        "locale": None,
        "metadata": params.get("metadata", {}),
        "mode": "setup",
        "payment_intent": None,
        "payment_method_types": params["payment_method_types"],
        "payment_status": "no_payment_required",
        "setup_intent": None,
        "shipping_options": [],
        "status": "open",
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
        "url": url + name,
    }


def customer() -> Thing:
    """Return somebody of whom the account knows nothing but their cards."""
    return {
        "id": new_id("cus"),
        "object": "customer",
        "created": now(),
        "email": None,
        "livemode": False,
        "metadata": {},
        "name": None,
    }


def payment_method(customer: str, country: str) -> Thing:
    """Return a card that is kept for a customer."""
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "card": {
            "brand": "visa",
            "country": country,
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "last4": "4242",
        },
        "created": now(),
        "customer": customer,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def setup_intent(customer: str, method: str, data: Thing) -> Thing:
    """Return the yes to a card's being charged later."""
    return {
        "id": new_id("seti"),
        "object": "setup_intent",
        "created": now(),
        "customer": customer,
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "payment_method": method,
        "payment_method_types": ["card"],
        "status": "succeeded",
        "usage": "off_session",
    }


def off_session_intent(params: Thing, amount: int) -> Thing:
    """Return a payment that is confirmed without the payer."""
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": amount,
        "amount_received": 0,
        "canceled_at": None,
        "capture_method": "automatic",
        "created": now(),
        "currency": params["currency"],
        "customer": params["customer"],
        "description": params.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "next_action": None,
        "payment_method": params["payment_method"],
        "payment_method_types": params["payment_method_types"],
        "status": "requires_payment_method",
    }


def payment_intent(of: Thing, data: Thing) -> Thing:
    """Return the payment of a session whose payer has begun to pay."""
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": of["amount_total"],
        "amount_received": 0,
        "canceled_at": None,
        "capture_method": "automatic",
        "created": now(),
        "currency": of["currency"],
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "next_action": None,
        "payment_method_types": of["payment_method_types"],
        "status": "requires_payment_method",
    }


def fingerprint(card: str) -> str:
    """Return Stripe's name for a card: the same whoever pays with it, and no number."""
    return sha256(f"card {card}".encode()).hexdigest()[:16]


def charge(
    intent: Thing, method: str, country: str, *, card: str = "4242", failure: str = ""
) -> Thing:
    """Return one try to take the money, which worked unless a failure is named."""
    took = 0 if failure else intent["amount"]
    details: Thing = {"country": country} if method in {"card", "sepa_debit"} else {}
    if method == "card":
        details |= {"brand": "visa", "last4": card[-4:], "issuer": ISSUER}
    elif method == "sepa_debit":
        details |= {"bank_code": "37040044", "last4": card[-4:]}
    if details:
        details["fingerprint"] = fingerprint(card)
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": took,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": not failure,
        "created": now(),
        "currency": intent["currency"],
        "disputed": False,
        "failure_code": failure or None,
        "failure_message": f"Your payment failed: {failure}." if failure else None,
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": not failure,
        "payment_intent": intent["id"],
        "payment_method_details": {"type": method, method: details},
        "refunded": False,
        "status": "failed" if failure else "succeeded",
    }


def refund(of: Thing, amount: int, metadata: Thing, reason: str | None = None) -> Thing:
    """Return money of a charge on its way back."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "metadata": metadata,
        "payment_intent": of["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "status": "succeeded",
    }


def dispute(of: Thing, amount: int, reason: str, status: str) -> Thing:
    """Return a payer's complaint at their bank."""
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now() + 10 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": status.startswith("warning_"),
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": reason,
        "status": status,
    }


def balance_transaction(
    kind: str, category: str, amount: int, currency: str, *, fee: int = 0, source: str | None = None
) -> Thing:
    """Return a line of the account's book: the balance moved by `amount - fee`."""
    fees = [{"amount": fee, "currency": currency, "description": "Fees", "type": "stripe_fee"}]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now() + PAID_OUT_AFTER,
        "balance_type": "payments",
        "created": now(),
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fees if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source,
        "status": "pending",
        "type": kind,
    }


def event(kind: str, about: Thing) -> Thing:
    """Return the news of what happened to an object, as a webhook carries it."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": None,
        "created": now(),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def file(name: str, content: bytes, purpose: str) -> Thing:
    """Return a file that was handed in."""
    return {
        "id": new_id("file"),
        "object": "file",
        "created": now(),
        "expires_at": None,
        "filename": name,
        "purpose": purpose,
        "size": len(content),
        "title": None,
        "type": "pdf",
        "url": None,
    }
