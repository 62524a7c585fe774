"""What payouts post: the rules, the rows that the postings book, and what people hold by them."""

from collections.abc import Iterable
from typing import Any

from ledger import sources
from ledger.rules import allow, reversing

FORTH = [
    allow("conversion", "diamonds", "diamonds_converted", "creator"),
    allow("conversion", "diamonds", "diamonds_owed", "creator"),
    allow("conversion", "creator_cost", "cash", "creator"),
    allow("payout_sent", "cash", "payout_in_transit:", "creator"),
    allow("payout_settled", "payout_in_transit:", "bank"),
    allow("payout_paid_late", "cash", "bank", "creator"),
    allow("payout_returned", "bank", "cash", "creator"),
    allow("bank_charge", "payout_fees", "bank"),
    allow("payout_claim", "payout_claims", "bank"),
    allow("payout_claim", "bank", "payout_claims"),
]
RULES = [
    *FORTH,
    *reversing(FORTH, of="conversion", by="reversal"),
    *reversing(FORTH, of="payout_sent", by="reversal"),
]

# Each step that posts, with the end of its posting's key. A payout may be settled and come back
# more than once: from the second answer on a decision makes the key.
TAKEN = """
    SELECT e.*, CASE
        WHEN e.state = 'requested' THEN 'convert'
        WHEN e.before = 'sent' AND e.state = 'settled'
            THEN 'settled' || coalesce(':' || e.decision_id, '')
        WHEN e.state = 'settled' THEN 'paid_late:' || e.decision_id
        WHEN e.before = 'settled' THEN 'returned:' || e.decision_id
        ELSE e.state END AS step
    FROM (SELECT *, lag(state) OVER (PARTITION BY payout_id ORDER BY id) AS before
        FROM payouts_payoutevent) e
    WHERE e.state IN ('requested', 'cancelled', 'sent', 'settled', 'returned')
"""
# What each step moves. A return mirrors the sending where nothing was settled before.
STEPS = f"""
    SELECT 'payout:' || p.public_id || ':' || e.step, l.kind, l.unit, l.from_kind, l.from_owner,
        l.to_kind, l.to_owner, l.amount
    FROM ({TAKEN}) e JOIN payouts_payout p ON p.id = e.payout_id
    LEFT JOIN payouts_batch b ON b.id = p.batch_id
    CROSS JOIN LATERAL (SELECT 'payout_in_transit:' || b.rail AS transit,
        p.diamonds > 0 AS converted) s
    CROSS JOIN LATERAL (VALUES
        (s.converted AND e.state = 'requested', 'conversion', 'DIAMOND',
         'diamonds', p.creator_id, 'diamonds_converted', NULL::bigint, p.diamonds),
        (p.debt_diamonds > 0 AND e.state = 'requested', 'conversion', 'DIAMOND',
         'diamonds', p.creator_id, 'diamonds_owed', p.creator_id, p.debt_diamonds),
        (s.converted AND e.state = 'requested', 'conversion', p.currency,
         'creator_cost', NULL, 'cash', p.creator_id, p.amount_minor),
        (s.converted AND e.state = 'cancelled', 'reversal', 'DIAMOND',
         'diamonds_converted', NULL, 'diamonds', p.creator_id, p.diamonds),
        (p.debt_diamonds > 0 AND e.state = 'cancelled', 'reversal', 'DIAMOND',
         'diamonds_owed', p.creator_id, 'diamonds', p.creator_id, p.debt_diamonds),
        (s.converted AND e.state = 'cancelled', 'reversal', p.currency,
         'cash', p.creator_id, 'creator_cost', NULL, p.amount_minor),
        (e.state = 'sent', 'payout_sent', p.currency,
         'cash', p.creator_id, s.transit, NULL, p.amount_minor),
        (e.state = 'settled' AND e.before = 'sent', 'payout_settled', p.currency,
         s.transit, NULL, 'bank', NULL, p.amount_minor),
        (e.state = 'settled' AND e.before <> 'sent', 'payout_paid_late', p.currency,
         'cash', p.creator_id, 'bank', NULL, p.amount_minor),
        (e.state = 'returned' AND e.before = 'sent', 'reversal', p.currency,
         s.transit, NULL, 'cash', p.creator_id, p.amount_minor),
        (e.state = 'returned' AND e.before <> 'sent', 'payout_returned', p.currency,
         'bank', NULL, 'cash', p.creator_id, p.amount_minor)
    ) l(due, kind, unit, from_kind, from_owner, to_kind, to_owner, amount) WHERE l.due
"""  # noqa: S608  # our own words
# By how much the bank holds less, or more, than the steps of a decision say.
BY_HAND = """
    SELECT 'proposal:' || q.public_id, k.kind, q.currency,
        CASE WHEN m.less > 0 THEN k.account ELSE 'bank' END, NULL::bigint,
        CASE WHEN m.less > 0 THEN 'bank' ELSE k.account END, NULL::bigint, abs(m.less)
    FROM payouts_proposal q LEFT JOIN payouts_statementline l ON l.id = q.line_id
    CROSS JOIN LATERAL (SELECT coalesce(sum(p.amount_minor), 0)::bigint AS covered
        FROM payouts_payoutevent e JOIN payouts_payout p ON p.id = e.payout_id
        WHERE e.decision_id = q.id AND e.state IN ('settled', 'returned')) c
    CROSS JOIN LATERAL (SELECT CASE
        WHEN q.kind = 'charge' THEN q.amount_minor
        WHEN q.kind = 'return' AND c.covered > 0 THEN 0
        WHEN q.kind = 'return' THEN -(l.amount_minor + l.charge_minor)
        WHEN l.credit THEN c.covered - l.amount_minor
        ELSE l.amount_minor - c.covered END AS less) m
    JOIN (VALUES ('charge', 'bank_charge', 'payout_fees'),
        ('paid_with_charge', 'bank_charge', 'payout_fees'),
        ('paid', 'payout_claim', 'payout_claims'),
        ('return', 'payout_claim', 'payout_claims')) k(proposed, kind, account)
        ON k.proposed = q.kind
    WHERE q.state = 'confirmed' AND m.less IS DISTINCT FROM 0
"""
SOURCES = [
    sources.Source(
        11,
        (
            "conversion",
            "payout_sent",
            "payout_settled",
            "payout_paid_late",
            "payout_returned",
            "reversal",
        ),
        STEPS,
    ),
    sources.Source(15, ("bank_charge", "payout_claim"), BY_HAND),
]
FACTS = [
    "SELECT 'payout:' || p.public_id || ':' || e.step, CASE e.state"  # noqa: S608  # our own words
    "   WHEN 'sent' THEN payouts_leaving(p, m, b)"
    "   WHEN 'settled' THEN o.answered"
    "   WHEN 'returned' THEN o.answered || jsonb_build_object('reason', e.note, 'cause', e.cause)"
    "   ELSE payouts_facts(p) END"
    f" FROM ({TAKEN}) e JOIN payouts_payout p ON p.id = e.payout_id"
    " LEFT JOIN payouts_payoutmethod m ON m.id = p.method_id"
    " LEFT JOIN payouts_batch b ON b.id = p.batch_id"
    " LEFT JOIN payouts_proposal q ON q.id = e.decision_id"
    " LEFT JOIN payouts_statementline l ON l.id = q.line_id"
    " CROSS JOIN LATERAL (SELECT payouts_facts(p) || jsonb_build_object('reference', e.reference)"
    "   || CASE WHEN q.id IS NULL THEN '{}'"
    "     ELSE jsonb_build_object('decision', payouts_decided(q, l)) END AS answered) o",
    "SELECT 'proposal:' || q.public_id, payouts_decided(q, l) FROM payouts_proposal q"
    " LEFT JOIN payouts_statementline l ON l.id = q.line_id WHERE q.state = 'confirmed'",
]
HOLDINGS = [
    "SELECT p.creator_id, h.* FROM payouts_payout p CROSS JOIN LATERAL (VALUES"
    "   ('diamonds', 'DIAMOND',"
    "    CASE WHEN p.state <> 'cancelled' THEN -(p.diamonds + p.debt_diamonds) END),"
    "   ('diamonds_owed', 'DIAMOND', CASE WHEN p.state <> 'cancelled' THEN p.debt_diamonds END),"
    "   ('cash', p.currency, CASE WHEN p.state <> 'cancelled' AND p.diamonds > 0"
    "     THEN p.amount_minor END),"
    "   ('cash', p.currency, CASE WHEN p.state IN ('sent', 'settled') THEN -p.amount_minor END)"
    " ) h(kind, unit, amount) WHERE h.amount IS NOT NULL"
]


def facts(payouts: Iterable[int]) -> dict[int, Any]:
    """Return by id what the postings of these payouts are made from."""
    return sources.facts(
        "SELECT p.id, payouts_facts(p) AS facts FROM payouts_payout p WHERE p.id = ANY (%s)",
        payouts,
    )


def leaving_facts(payouts: Iterable[int]) -> dict[int, Any]:
    """Return by id what the postings of payouts in a batch are made from as they leave."""
    return sources.facts(
        "SELECT p.id, payouts_leaving(p, m, b) AS facts FROM payouts_payout p"
        " JOIN payouts_payoutmethod m ON m.id = p.method_id"
        " JOIN payouts_batch b ON b.id = p.batch_id WHERE p.id = ANY (%s)",
        payouts,
    )


def decided_facts(proposal: int) -> Any:
    """Return what the postings of a decision are made from."""
    found = sources.facts(
        "SELECT q.id, payouts_decided(q, l) AS facts FROM payouts_proposal q"
        " LEFT JOIN payouts_statementline l ON l.id = q.line_id WHERE q.id = ANY (%s)",
        [proposal],
    )
    return found[proposal]
