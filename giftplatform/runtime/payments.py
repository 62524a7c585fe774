"""The operator's words about payment providers, refused by name where they can't be right."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

import environ
from django.core.exceptions import ImproperlyConfigured

MODULES = "wallet.providers."
SANDBOX_PROVIDER = f"{MODULES}sandbox"
STRIPE = f"{MODULES}stripe"
STRIPE_API = "https://api.stripe.com"
STRIPE_FILES = "https://files.stripe.com"
STRIPE_PAGES = "https://checkout.stripe.com"
MOST_DAYS = 90
MOST_SECRETS = 2  # the one in use and the one that replaces it
STANDIN_KEY = "sk_test_standin"  # opens nothing but the stand-in on this machine


def providers(env: environ.Env, *, sandbox: bool) -> list[str]:
    """Return the modules of the providers in use. `stripe` is `wallet.providers.stripe`.

    Raises `ImproperlyConfigured` for the sandbox's provider in live mode.
    """
    named = env.list("PAYMENT_PROVIDERS", default=["sandbox", "bank_transfer"] if sandbox else [])
    modules = [name if "." in name else f"{MODULES}{name}" for name in named]
    if not sandbox and SANDBOX_PROVIDER in modules:
        raise ImproperlyConfigured(
            "Live mode (SANDBOX=false) does not start. PAYMENT_PROVIDERS names the sandbox, which"
            " takes play money: name a provider that takes real money, like stripe."
        )
    return modules


class Transfers(TypedDict):
    """Who may pay by bank transfer, how long we wait, and above what a second person looks."""

    currency: str
    countries: list[str]  # empty: wherever prices are in the currency
    days: int
    late_days: int
    alone_usd: int


def transfers(env: environ.Env) -> Transfers:
    """Return the terms of bank transfers. Raises `ImproperlyConfigured`."""
    found: Transfers = {
        "currency": env.str("TRANSFER_CURRENCY", default="EUR").upper(),
        "countries": [one.strip().upper() for one in env.list("TRANSFER_COUNTRIES", default=[])],
        "days": env.int("TRANSFER_DAYS", default=14),
        "late_days": env.int("TRANSFER_LATE_DAYS", default=14),
        "alone_usd": env.int("TRANSFER_ALONE_USD", default=500),
    }
    if wrong := list(_wrong_terms(found)):
        raise ImproperlyConfigured(" ".join(wrong))
    return found


def _wrong_terms(found: Transfers) -> Iterator[str]:
    if not re.fullmatch("[A-Z]{3}", found["currency"]):
        yield "TRANSFER_CURRENCY is no currency: use three letters, like EUR."
    if any(not re.fullmatch("[A-Z]{2}", code) for code in found["countries"]):
        yield "TRANSFER_COUNTRIES holds something else than countries: use two letters, like DE,AT."
    if not 1 <= found["days"] <= MOST_DAYS or not 0 <= found["late_days"] <= MOST_DAYS:
        yield f"TRANSFER_DAYS and TRANSFER_LATE_DAYS are days: use 1 (or 0) to {MOST_DAYS}."
    if found["alone_usd"] < 0:
        yield "TRANSFER_ALONE_USD is no amount: use whole US dollars, 0 for none alone."


@dataclass(frozen=True)
class Stripe:
    """How Stripe is reached: its keys and addresses, or those of the stand-in on this machine."""

    secret_key: str
    webhook_secrets: list[str]
    api_base: str
    files_base: str
    pages: str  # where fans pay: the browser may follow a form there
    standin_port: int = 0  # 0: no stand-in runs


def stripe(env: environ.Env, *, sandbox: bool, used: bool, secret: str, port: int) -> Stripe:
    """Return how Stripe is reached. A sandbox without a key gets the stand-in.

    Raises `ImproperlyConfigured`.
    """
    key = env.str("STRIPE_SECRET_KEY", default="")
    if sandbox and not key:
        return _standin(env.int("STRIPE_STANDIN_PORT", default=port + 100), secret)
    base = env.str("STRIPE_API_BASE", default=STRIPE_API).rstrip("/")
    found = Stripe(
        secret_key=key,
        webhook_secrets=env.list("STRIPE_WEBHOOK_SECRETS", default=[]),
        api_base=base,
        files_base=STRIPE_FILES if base == STRIPE_API else base,
        pages=env.str("STRIPE_CHECKOUT_ORIGIN", default=STRIPE_PAGES).rstrip("/"),
    )
    if wrong := list(_wrong(found, sandbox=sandbox)) if used else []:
        raise ImproperlyConfigured(" ".join(wrong))
    return found


def _standin(port: int, secret: str) -> Stripe:
    signing = hashlib.sha256(f"stripe stand-in {secret}".encode()).hexdigest()
    return Stripe(
        secret_key=STANDIN_KEY,
        webhook_secrets=[f"whsec_{signing}"],
        api_base=f"http://127.0.0.1:{port}",
        files_base=f"http://127.0.0.1:{port}",
        pages=f"http://localhost:{port}",
        standin_port=port,
    )


def _wrong(found: Stripe, *, sandbox: bool) -> Iterator[str]:
    """Return a sentence for each setting with which Stripe must not be used."""
    mode = "test" if sandbox else "live"
    if not found.secret_key.startswith((f"sk_{mode}_", f"rk_{mode}_")):
        yield f"STRIPE_SECRET_KEY is no key of Stripe's {mode} mode: use rk_{mode}_... ."
    if not 1 <= len(found.webhook_secrets) <= MOST_SECRETS:
        yield "STRIPE_WEBHOOK_SECRETS needs one secret, or two while the old one is replaced."
    if not all(secret.startswith("whsec_") for secret in found.webhook_secrets):
        yield "STRIPE_WEBHOOK_SECRETS holds something else: use the endpoint's whsec_... ."
    if not sandbox and found.api_base != STRIPE_API:
        yield f"STRIPE_API_BASE is not Stripe's: leave it out, it is {STRIPE_API}."
