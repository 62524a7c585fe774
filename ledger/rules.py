"""The rules of posting: which transfers each kind of posting may make, and between whose accounts.

Each app declares its own in a module that `LEDGER_POSTINGS` names; `migrate` writes them into the
table that the writer reads.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from ledger.chart import kind_of
from ledger.models import Rule

COLUMNS = [field.name for field in Rule._meta.concrete_fields if not field.primary_key]


def allow(kind: str, from_kind: str, to_kind: str, owner: str = "", taker: str = "") -> Rule:
    """Return the rule that postings of a kind may move something between two kinds of accounts.

    `owner` is a word for the person whose accounts they are, `taker` for the one who receives where
    that is another. Raises `KeyError` for a kind of account that is not in the chart, `ValueError`
    for two that have different units or for a person's account without its person.
    """
    giving, taking = kind_of(from_kind), kind_of(to_kind)
    if giving.unit != taking.unit:
        raise ValueError(f"{from_kind} and {to_kind} have different units")
    if (giving.owned or taking.owned) != bool(owner):
        raise ValueError(f"{kind}: whose are {from_kind} and {to_kind}?")
    return Rule(
        kind=kind,
        reverses="",
        from_kind=from_kind,
        to_kind=to_kind,
        unit=giving.unit,
        from_party=owner if giving.owned else "",
        to_party=(taker or owner) if taking.owned else "",
        from_guarded=giving.guarded,
        to_guarded=taking.guarded,
    )


def reversing(rules: Iterable[Rule], of: str, by: str) -> list[Rule]:
    """Return the rules by which postings of the kind `by` may take back those of the kind `of`."""
    return [
        Rule(
            kind=by,
            reverses=of,
            from_kind=rule.to_kind,
            to_kind=rule.from_kind,
            unit=rule.unit,
            from_party=rule.to_party,
            to_party=rule.from_party,
            from_guarded=rule.to_guarded,
            to_guarded=rule.from_guarded,
        )
        for rule in rules
        if rule.kind == of
    ]


def declared() -> list[Rule]:
    """Return the rules of all apps."""
    modules = (import_module(name) for name in settings.LEDGER_POSTINGS)
    return [rule for module in modules for rule in module.RULES]


def as_tuple(rule: Rule) -> tuple[Any, ...]:
    """Return all that a rule says."""
    return tuple(getattr(rule, name) for name in COLUMNS)


def install(*, using: str, apps: Any, **_: Any) -> None:
    """Make the table say what the apps declare. Runs after `migrate`, as the tables' owner."""
    try:
        apps.get_model("ledger", "Rule")
    except LookupError:  # migrated back to before the table
        return
    transaction.atomic(using=using)(_rewrite)(using)


def _rewrite(using: str) -> None:
    kept = Rule.objects.using(using)
    if sorted(map(as_tuple, kept.all())) != sorted(map(as_tuple, declared())):
        kept.all().delete()
        new = [Rule(**dict(zip(COLUMNS, as_tuple(r), strict=True))) for r in declared()]
        kept.bulk_create(new)
