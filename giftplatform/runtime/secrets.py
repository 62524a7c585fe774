"""Secrets: generated once in a sandbox, required by name in live mode."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

LIVE_NEEDS = (
    "SECRET_KEY",
    "FIELD_KEY",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
)


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
