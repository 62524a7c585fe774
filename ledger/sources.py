"""Proof that postings say what the rows say that they book.

Each app names in its module of `LEDGER_POSTINGS` which transfers its rows ask for, what its
postings' keys were made from, and what each person holds by them. The ledger compares, and knows no
row of theirs.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from ledger import rules
from ledger.checks import Breach, Check, found, found_at_once, query
from ledger.models import Rule


@dataclass(frozen=True)
class Source:
    """The rows that postings of some kinds book, as SQL with a row for each transfer that they ask
    for.

    Its columns: key, kind, unit, from_kind, from_owner, to_kind, to_owner, amount, and the moment
    of the posting where `dated`. Owners are ids of people, null for the site.
    """

    invariant: int
    kinds: tuple[str, ...]
    sql: str
    dated: bool = False


def gathered(what: str) -> list[Any]:
    """Return what all apps name under this word."""
    modules = (import_module(name) for name in settings.LEDGER_POSTINGS)
    return [one for module in modules for one in getattr(module, what, ())]


def rules_are_declared() -> Iterable[Breach]:
    """The table of rules says what the apps declare, no more and no less."""
    kept = {rules.as_tuple(rule): rule for rule in Rule.objects.all()}
    wanted = {rules.as_tuple(rule): rule for rule in rules.declared()}
    if differing := kept.keys() ^ wanted.keys():
        rows = [{"id": kept[one].pk if one in kept else None, "rule": one} for one in differing]
        yield Breach(0, "The posting rules differ from those that this version declares.", rows)


def transfers_have_their_rule() -> Iterable[Breach]:
    """0: a rule allows each transfer, and accounts that it calls by one name belong to one person
    within a posting.

    The most frequent kind has checks of its own, which know its accounts and its people.
    """
    yield from found_at_once(
        0,
        {
            "rule": "A transfer that no posting rule allows.",
            "people": "A posting moved something between accounts of different people.",
        },
        "WITH moved AS MATERIALIZED (SELECT p.id, p.key, p.kind, t.id AS transfer, r.id AS rule,"
        "   r.from_party, r.to_party, f.owner_id AS giver, g.owner_id AS taker"
        "   FROM ledger_posting p JOIN ledger_transfer t ON t.posting_id = p.id"
        "   LEFT JOIN ledger_posting o ON o.id = p.reverses_id"
        "   LEFT JOIN ledger_account f ON f.id = t.from_account_id"
        "   LEFT JOIN ledger_account g ON g.id = t.to_account_id"
        "   LEFT JOIN ledger_rule r ON r.kind = p.kind AND r.reverses = coalesce(o.kind, '')"
        "     AND r.from_kind = ledger_family(f.kind) AND r.to_kind = ledger_family(g.kind)"
        "     AND (r.unit = t.unit OR r.unit = '' AND t.unit NOT IN ('COIN', 'DIAMOND'))"
        "   WHERE p.kind <> %s)"
        " SELECT 'rule' AS what, id, key, kind, transfer, giver, taker FROM moved"
        " WHERE rule IS NULL UNION ALL"
        " SELECT 'people', m.id, min(m.key), min(m.kind), min(m.transfer), min(s.owner_id),"
        "   max(s.owner_id) FROM moved m"
        " CROSS JOIN LATERAL (VALUES (m.from_party, m.giver), (m.to_party, m.taker))"
        "   s(party, owner_id) WHERE s.party <> ''"
        " GROUP BY m.id, s.party HAVING (min(s.owner_id) = max(s.owner_id)) IS NOT TRUE"
        " ORDER BY 2",
        [settings.LEDGER_FREQUENT_KIND],
    )


def postings_have_their_rows() -> Iterable[Breach]:
    """Each posting of these kinds has its row, each row its posting, and both say the same."""
    for source in gathered("SOURCES"):
        moment = "p.created_at" if source.dated else "NULL::timestamptz"
        asked = "" if source.dated else ", NULL::timestamptz"
        yield from found(
            source.invariant,
            "A posting and the row that it books don't say the same.",
            "SELECT CASE WHEN sum(m.side) > 0 THEN 'the row' ELSE 'the posting' END AS only,"  # noqa: S608  # our own words
            " m.key, m.kind, m.unit, m.amount, m.from_kind, m.from_owner, m.to_kind, m.to_owner,"
            " m.moment FROM ("
            f"   SELECT e.*{asked}, 1 FROM ({source.sql}) e UNION ALL"
            "   SELECT p.key, p.kind, t.unit, f.kind, f.owner_id, g.kind, g.owner_id, t.amount,"
            f"    {moment}, -1 FROM ledger_posting p"
            "   LEFT JOIN ledger_transfer t ON t.posting_id = p.id"
            "   LEFT JOIN ledger_account f ON f.id = t.from_account_id"
            "   LEFT JOIN ledger_account g ON g.id = t.to_account_id WHERE p.kind = ANY (%s)"
            " ) m(key, kind, unit, from_kind, from_owner, to_kind, to_owner, amount, moment, side)"
            " GROUP BY m.key, m.kind, m.unit, m.amount, m.from_kind, m.from_owner, m.to_kind,"
            "   m.to_owner, m.moment HAVING sum(m.side) <> 0 ORDER BY m.key",
            [list(source.kinds)],
        )


def keys_remember_their_input() -> Iterable[Breach]:
    """A posting's key, and the claim on what it reverses, was made from what the rows still say."""
    facts = " UNION ALL ".join([*gathered("FACTS"), "SELECT NULL, NULL::jsonb WHERE false"])
    yield from found(
        9,
        "A key was made from something else than its posting and its row say.",
        f"WITH facts(key, input) AS MATERIALIZED ({facts})"  # noqa: S608  # our own words
        " SELECT p.id, p.key, p.kind, k.key AS claim"
        " FROM ledger_posting p JOIN ledger_key k ON k.posting_id = p.id"
        " LEFT JOIN facts i ON i.key = p.key LEFT JOIN ledger_posting o ON o.id = p.reverses_id"
        " WHERE p.kind <> %s AND k.input_hash IS DISTINCT FROM ledger_digest(p.kind,"
        "   coalesce(i.input, CASE WHEN p.reverses_id IS NULL THEN ("
        "     SELECT jsonb_agg(jsonb_build_object('unit', t.unit, 'from', t.from_account_id,"
        "       'to', t.to_account_id, 'amount', t.amount) ORDER BY t.id)"
        "     FROM ledger_transfer t WHERE t.posting_id = p.id) END, '[]'), o.key)"
        " ORDER BY p.id",
        [settings.LEDGER_FREQUENT_KIND],
    )


def people_hold_what_their_rows_say() -> Iterable[Breach]:
    """Each person's account holds what was bought, sent, earned and paid out by the rows."""
    rows = " UNION ALL ".join(gathered("HOLDINGS"))
    yield from found(
        11,
        "A person holds something else than their purchases, gifts and payouts come to.",
        "SELECT m.owner_id, m.kind, m.unit, sum(m.held)::bigint AS held,"  # noqa: S608  # our own words
        " sum(m.due)::bigint AS due FROM ("
        "   SELECT owner_id, kind, unit, ledger_balance(id) AS held, 0 AS due"
        "   FROM ledger_account WHERE owner_id IS NOT NULL"
        f"  UNION ALL SELECT h.owner_id, h.kind, h.unit, 0, h.amount FROM ({rows})"
        "     h(owner_id, kind, unit, amount)"
        " ) m GROUP BY m.owner_id, m.kind, m.unit HAVING sum(m.held) <> sum(m.due) ORDER BY 1, 2",
    )


def facts(sql: str, ids: Iterable[int]) -> dict[int, Any]:
    """Return by id what a function of SQL says of rows: what their postings' keys are made from.

    `sql` selects id and facts where the id is in its one parameter, a list.
    """
    return {row["id"]: json.loads(row["facts"]) for row in query(sql, [list(ids)])}


CHECKS: list[Check] = [
    rules_are_declared,
    transfers_have_their_rule,
    postings_have_their_rows,
    keys_remember_their_input,
    people_hold_what_their_rows_say,
]
