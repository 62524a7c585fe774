"""A child who bought and sent, and a guardian who writes."""

import re
from typing import Any

from django.core import mail
from django.urls import reverse

from accounts.models import User
from care.guardians import cases, decisions
from care.models import GuardianCase
from care.tasks import sweep

EMAIL = "parent@example.org"
LINK = re.compile(r"/guardian/([\w-]{43})/")


def told(**more: Any) -> dict[str, Any]:
    """Return what a guardian fills in."""
    return {
        "account_named": "@kim",
        "order_named": "",
        "child_age": 12,
        "story": "My daughter used my card\nthree times this week.",
        "statement_digits": "4242",
        "name": "Robin Hale",
        "relation": "parent",
        "email": EMAIL,
        "phone": "",
        **more,
    }


def opened(child: User | None = None, by: User | None = None, **more: Any) -> GuardianCase:
    """Return a case with a confirmed address, and with its account if somebody says which."""
    case = cases.open_case(**told(**more))
    assert case is not None
    case = cases.confirm_email(case=case)
    if child and by:
        case = decisions.match(case=case, account=child.handle, by=by)
    return case


def tokens(to: str = EMAIL) -> list[str]:
    """Send what is due, and return the secret of each link in the emails to an address."""
    sweep()
    return [t for m in mail.outbox if m.to == [to] for t in LINK.findall(str(m.body))]


def subjects(to: str = EMAIL) -> list[str]:
    """Send what is due, and return the subjects of the emails to an address."""
    sweep()
    return [str(m.subject).partition("] ")[2] for m in mail.outbox if m.to == [to]]


def page_of(token: str) -> str:
    """Return the address of a case."""
    return reverse("care:case", args=[token])
