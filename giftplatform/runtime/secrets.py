"""Secrets: generated once in a sandbox, required by name in live mode."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

LIVE_NEEDS = (
    "SECRET_KEY",
    "FIELD_KEY",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "SELLER_NAME",
    "SELLER_ADDRESS",
    "SELLER_TAX_ID",
    "SELLER_EMAIL",
)
EMAIL = re.compile(r"[^\s@<>,;?&]+@[^\s@<>,;?&]+\.[^\s@<>,;?&]+")
LEAST_LETTERS = 32
LEAST_DIFFERENT = 8
HOW = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def require(env: environ.Env, *, sandbox: bool) -> None:
    """Refuse to start in live mode while something that must be secret or right is unset; names
    every one.
    """
    missing = [] if sandbox else [name for name in LIVE_NEEDS if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(
            "Live mode (SANDBOX=false) needs these environment variables, which are not set: "
            f"{', '.join(missing)}."
        )
    unsafe = [] if sandbox else list(_unsafe(env))
    if unsafe:
        raise ImproperlyConfigured(f"Live mode (SANDBOX=false) does not start. {' '.join(unsafe)}")


def _unsafe(env: environ.Env) -> Iterator[str]:
    """Return a sentence for each setting that would leave a live site open."""
    if env.bool("DEBUG", default=False):
        yield "DEBUG=true shows strangers code and settings: set DEBUG=false."
    for name in ("SECRET_KEY", "FIELD_KEY"):
        # FIELD_KEY may list several: the weakest is what an attacker tries.
        parts = env.str(name).split(",") if name == "FIELD_KEY" else [env.str(name)]
        if any(_guessable(part.strip()) for part in parts):
            yield f"{name} can be guessed: it needs {LEAST_LETTERS} random characters. {HOW}."
    if any("*" in host for host in env.list("ALLOWED_HOSTS")):
        yield "ALLOWED_HOSTS=* answers under any name: set the site's own, like gifts.example.org."
    if not EMAIL.fullmatch(env.str("SELLER_EMAIL")):
        yield "SELLER_EMAIL is no plain address: set one like hello@gifts.example.org."
    address = urlsplit(env.str("PUBLIC_URL"))
    if address.scheme != "https" or not address.hostname:
        yield "PUBLIC_URL is not encrypted: set an https address, like https://gifts.example.org."


def _guessable(secret: str) -> bool:
    """Whether a secret is short, monotonous, or one that `startproject` and examples come with."""
    short = len(secret) < LEAST_LETTERS or len(set(secret)) < LEAST_DIFFERENT
    return short or secret.startswith("django-insecure-") or "changeme" in secret.lower()


def read(env: environ.Env, name: str, var_dir: Path, *, sandbox: bool) -> str:
    """Return the secret from the environment; in a sandbox, one made at the first start and kept in
    `var/`.
    """
    value = env.str(name, default="")
    if value or not sandbox:
        return str(value)
    path = var_dir / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(48))
        fresh.chmod(0o600)
        with suppress(FileExistsError):  # two processes starting at once agree on the first one's
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()
