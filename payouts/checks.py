"""The payouts' part of the ledger check."""

import json
from collections.abc import Iterable
from contextlib import suppress

from moneyed import CurrencyDoesNotExist

from foundation.money import sub_unit
from ledger.checks import Breach, Check, found
from ledger.steps import steps_lead_to_state
from payouts import rails
from payouts.methods import bank_accounts
from payouts.methods.encryption import InvalidToken, decrypt, digest
from payouts.methods.iban import masked
from payouts.models import Batch, Payout, PayoutMethod
from payouts.proposals.checks import CHECKS as BY_HAND

LEFT = "('sent', 'settled', 'returned')"


def left_payouts_have_one_batch_and_one_answer() -> Iterable[Breach]:
    """10: each payout that left is in one approved batch, or two people found that it was paid
    without one; it says what its last answer said.
    """
    yield from found(
        10,
        "A payout was sent without an approved batch, a posting or a bank reference.",
        "SELECT p.public_id::text AS payout, p.state, b.state AS batch, p.provider_reference"  # noqa: S608  # our own words
        " FROM payouts_payout p LEFT JOIN payouts_batch b ON b.id = p.batch_id"
        " LEFT JOIN ledger_posting g ON g.key = 'payout:' || p.public_id || ':sent'"
        " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.state = 'sent') AS sent,"
        "     count(*) FILTER (WHERE e.state = 'settled' AND e.decision_id IS NOT NULL) AS late"
        "   FROM payouts_payoutevent e WHERE e.payout_id = p.id) e"
        f" WHERE p.state IN {LEFT} AND ((CASE"
        "     WHEN e.sent = 1 THEN b.state IN ('approved', 'downloaded', 'closed', 'void')"
        "       AND g.id IS NOT NULL"
        "     ELSE e.sent = 0 AND e.late > 0 AND p.batch_id IS NULL END) IS NOT TRUE"
        "   OR (p.state <> 'sent' AND p.provider_reference = '')) ORDER BY p.id",
    )
    yield from found(
        10,
        "A payout's reference or reason for its return is another than its last answer's.",
        "SELECT p.id, p.public_id::text AS payout, p.state, p.provider_reference, p.return_reason,"
        " p.return_cause FROM payouts_payout p LEFT JOIN LATERAL ("
        "   SELECT e.state, e.reference, e.note, e.cause FROM payouts_payoutevent e"
        "   WHERE e.payout_id = p.id AND e.state IN ('settled', 'returned')"
        "   ORDER BY e.id DESC LIMIT 1) e ON true"
        " WHERE p.provider_reference <> coalesce(e.reference, '')"
        "   OR p.return_reason <> CASE WHEN e.state = 'returned' THEN e.note ELSE '' END"
        "   OR p.return_cause <> CASE WHEN e.state = 'returned' THEN e.cause ELSE '' END"
        "   OR (p.state = 'returned') <> (p.return_reason <> '')"
        "   OR (p.state = 'returned') <> (p.return_cause <> '') ORDER BY p.id",
    )
    yield from found(
        10,
        "A step that is no answer of the bank has an answer's words.",
        "SELECT id, payout_id, state, reference, cause FROM payouts_payoutevent"
        " WHERE state NOT IN ('settled', 'returned') AND reference <> ''"
        "   OR state <> 'returned' AND cause <> ''"
        " ORDER BY id",
    )


def payouts_stand_where_their_steps_lead() -> Iterable[Breach]:
    """10: a payout's events lead to its state, one allowed step after the other."""
    allowed = {str(before): sorted(map(str, to)) for before, to in Payout.NEXT.items()}
    yield from steps_lead_to_state(
        10,
        rows="payouts_payout",
        steps="payouts_payoutevent",
        link="payout_id",
        allowed=allowed,
    )


def batches_stand_where_their_payouts_do() -> Iterable[Breach]:
    """10: a bank file's state, currency and rail are those of its payouts."""
    yield from found(
        10,
        "A bank file's state, currency or rail differs from its payouts'.",
        "SELECT b.id, b.public_id::text AS batch, b.state, b.currency, b.rail, b.downloaded_at,"
        " array_agg(DISTINCT p.state) AS payouts FROM payouts_batch b"
        " LEFT JOIN payouts_payout p ON p.batch_id = b.id"
        " LEFT JOIN payouts_payoutmethod m ON m.id = p.method_id"
        " GROUP BY b.id HAVING (CASE b.state"
        "   WHEN 'built' THEN count(p.id) > 0 AND bool_and(p.state = 'batched')"
        "     AND b.approved_by_id IS NULL AND b.approved_at IS NULL AND b.file_sha256 = ''"
        "     AND b.content_sha256 = ''"
        "   WHEN 'discarded' THEN count(p.id) = 0"
        "   WHEN 'closed' THEN count(p.id) > 0 AND bool_and(p.state IN ('settled', 'returned'))"
        "   WHEN 'void' THEN count(p.id) > 0 AND bool_and(p.state IN ('settled', 'returned'))"
        "   ELSE bool_or(p.state = 'sent') AND bool_and(p.state <> 'batched')"
        "     AND (b.state = 'downloaded') = (b.downloaded_at IS NOT NULL) END) IS NOT TRUE"
        " OR bool_or(p.currency <> b.currency OR m.rail <> b.rail) ORDER BY b.id",
    )


def payouts_are_worth_their_diamonds() -> Iterable[Breach]:
    """11: a payout's amount is its diamonds at its rates, or what the returned payout brought back;
    its bank account is its creator's.
    """
    yield from found(
        11,
        "A payout's amount, rates or bank account don't fit.",
        "SELECT p.id, p.public_id::text AS payout, p.diamonds, p.rate_card_id, p.fx_per_usd,"
        " p.exact_minor, p.amount_minor, p.currency, p.method_id, p.pays_again_id"
        " FROM payouts_payout p"
        " LEFT JOIN wallet_ratecard c ON c.id = p.rate_card_id"
        " LEFT JOIN payouts_payout r ON r.id = p.pays_again_id"
        " LEFT JOIN payouts_payoutmethod m ON m.id = p.method_id"
        " WHERE (m.creator_id = p.creator_id AND m.currency = p.currency"
        "   AND abs(p.amount_minor - p.exact_minor) <= 0.5 AND CASE WHEN r.id IS NULL"
        # The twelfth digit behind the point is rounded.
        "   THEN abs(p.exact_minor - p.diamonds * c.diamond_payout_micro_usd * p.fx_per_usd"
        "     * (%s::jsonb->>p.currency)::int / 1000000) < 0.00000001"
        # What was paid after all is not sent again.
        "   ELSE (r.state = 'returned' OR r.state = 'settled' AND p.state = 'cancelled')"
        "     AND (r.creator_id, r.rate_card_id, r.fx_per_usd, r.currency, r.amount_minor,"
        "       r.amount_minor) = (p.creator_id, p.rate_card_id, p.fx_per_usd, p.currency,"
        "       p.amount_minor, p.exact_minor) END) IS NOT TRUE ORDER BY p.id",
        [sub_units()],
    )


def statements_say_what_was_booked() -> Iterable[Breach]:
    """10: each answer that was booked is one row of a statement, with the payout's amount but for
    the bank's charge. What two people booked is in their proposal.
    """
    yield from found(
        10,
        "A payout's answer and the row of the bank's statement don't say the same.",
        "SELECT coalesce(e.payout_id, l.payout_id) AS id, e.public_id::text AS payout,"
        " coalesce(e.state, l.outcome) AS answer, l.id AS line, l.amount_minor, l.currency,"
        " l.reference FROM (SELECT v.*, p.public_id, p.amount_minor, p.currency,"
        "     row_number() OVER (PARTITION BY v.payout_id, v.state ORDER BY v.id) AS number"
        "   FROM payouts_payoutevent v JOIN payouts_payout p ON p.id = v.payout_id"
        "   WHERE v.state IN ('settled', 'returned') AND v.decision_id IS NULL) e"
        " FULL JOIN (SELECT l.*,"
        "     row_number() OVER (PARTITION BY l.payout_id, l.outcome ORDER BY l.id) AS nth"
        "   FROM payouts_statementline l JOIN payouts_bankstatement s ON s.id = l.statement_id"
        "   WHERE l.outcome IN ('settled', 'returned') AND NOT EXISTS (SELECT"
        "     FROM payouts_proposal q WHERE q.line_id = l.id AND q.state = 'confirmed'"
        "       AND q.kind <> 'charge')) l"
        " ON l.payout_id = e.payout_id AND l.outcome = e.state AND l.nth = e.number"
        " WHERE (l.currency = e.currency AND l.cause = e.cause"
        "   AND CASE WHEN e.state = 'returned' THEN l.credit IS NOT FALSE"
        "       AND l.amount_minor BETWEEN e.amount_minor - l.charge_minor AND e.amount_minor"
        "     ELSE NOT l.credit"
        "       AND l.amount_minor BETWEEN e.amount_minor AND e.amount_minor + l.charge_minor END"
        "   AND lower(e.reference) = lower(coalesce(nullif(l.reference, ''), l.end_to_end_id))"
        " ) IS NOT TRUE ORDER BY 1",
    )
    yield from found(
        10,
        "A row of a bank statement names no payout of ours, another, or one and its file.",
        "SELECT l.id, l.statement_id, l.payout_id, l.batch_id, l.outcome, l.end_to_end_id"
        " FROM payouts_statementline l LEFT JOIN payouts_payout p ON p.id = l.payout_id"
        " LEFT JOIN payouts_batch b ON b.id = l.batch_id"
        " LEFT JOIN payouts_bankstatement s ON s.id = l.statement_id"
        " WHERE s.id IS NULL OR l.batch_id IS NOT NULL AND b.id IS NULL"
        "   OR l.payout_id IS NOT NULL AND (l.batch_id IS NULL"
        "     AND lower(l.end_to_end_id) = replace(p.public_id::text, '-', '')) IS NOT TRUE"
        " ORDER BY l.id",
    )


def bank_accounts_read_as_they_are_shown() -> Iterable[Breach]:
    """10: the account that the next file would name is the one that its owner sees."""
    wrong = []
    for method in PayoutMethod.objects.in_use().order_by("pk"):
        with suppress(InvalidToken):
            if masked(bank_accounts.iban_of(method)) == method.iban_masked:
                continue
        wrong.append({"id": method.pk, "public_id": method.public_id, "shown": method.iban_masked})
    if wrong:
        yield Breach(10, "A bank account is another than the one shown.", wrong[:10])


def files_are_what_was_approved() -> Iterable[Breach]:
    """10: a file that the bank has not answered is still what two people let go."""
    wrong = []
    for batch in Batch.objects.filter(state__in=[Batch.State.APPROVED, Batch.State.DOWNLOADED]):
        with suppress(InvalidToken):
            if batch.file and _fits(batch, decrypt(batch.file)):
                continue
        wrong.append({"id": batch.pk, "batch": str(batch.public_id)})
    if wrong:
        yield Breach(10, "A bank file differs from what was approved.", wrong[:10])


def waiting_payouts_are_covered() -> Iterable[Breach]:
    """11: a creator's cash covers every payout that waits."""
    yield from found(
        11,
        "A creator's cash doesn't cover the payouts that wait.",
        "SELECT a.owner_id, a.unit, a.balance, sum(p.amount_minor)::bigint AS promised"
        " FROM payouts_payout p LEFT JOIN ledger_account a"
        "   ON a.owner_id = p.creator_id AND a.unit = p.currency AND a.kind = 'cash'"
        " WHERE p.state IN ('requested', 'ready', 'batched') GROUP BY a.id"
        " HAVING (a.balance >= sum(p.amount_minor)) IS NOT TRUE ORDER BY a.owner_id",
    )


def in_transit_is_what_was_sent() -> Iterable[Breach]:
    """14: money in transit is the payouts that the bank has not answered."""
    yield from found(
        14,
        "Money in transit differs from sent payouts without an answer.",
        "SELECT coalesce(a.kind, s.kind) AS account, coalesce(a.unit, s.unit) AS unit,"
        " coalesce(a.balance, 0) AS in_transit, coalesce(s.sent, 0) AS sent"
        " FROM (SELECT kind, unit, ledger_balance(id) AS balance FROM ledger_account"
        "   WHERE kind LIKE 'payout_in_transit:%%') a"
        " FULL JOIN (SELECT 'payout_in_transit:' || b.rail AS kind, p.currency AS unit,"
        "   sum(p.amount_minor)::bigint AS sent FROM payouts_payout p"
        "   JOIN payouts_batch b ON b.id = p.batch_id WHERE p.state = 'sent'"
        "   GROUP BY b.rail, p.currency) s ON s.kind = a.kind AND s.unit = a.unit"
        " WHERE coalesce(a.balance, 0) <> coalesce(s.sent, 0) ORDER BY 1, 2",
    )


def late_payouts_are_known_to_staff() -> Iterable[Breach]:
    """14: what is in transit for longer than the policy says carries a note to staff (an hour's
    grace for the sweep).
    """
    yield from found(
        14,
        "A payout has been in transit for too long and staff weren't alerted.",
        "SELECT p.public_id::text AS payout, max(e.created_at)::text AS left_at"
        " FROM payouts_payout p"
        " JOIN payouts_payoutevent e ON e.payout_id = p.id AND e.state = 'sent'"
        " WHERE p.state = 'sent' AND p.needs_attention = '' GROUP BY p.id"
        " HAVING max(e.created_at) < now() - interval '1 hour'"
        "   - (SELECT in_transit_days FROM payouts_payoutpolicy WHERE id = 1) * interval '1 day'"
        " ORDER BY p.id",
    )


def _fits(batch: Batch, xml: bytes) -> bool:
    content = rails.of(batch.rail).content(xml=xml) if batch.rail in rails.RAILS else b""
    return (digest(xml), digest(content)) == (batch.file_sha256, batch.content_sha256)


def sub_units() -> str:
    """Return how many minor units each currency of a payout has, as JSON."""
    known = {}
    for code in Payout.objects.order_by().values_list("currency", flat=True).distinct():
        with suppress(CurrencyDoesNotExist):
            known[code] = sub_unit(code)
    return json.dumps(known)


CHECKS: list[Check] = [
    left_payouts_have_one_batch_and_one_answer,
    payouts_stand_where_their_steps_lead,
    batches_stand_where_their_payouts_do,
    payouts_are_worth_their_diamonds,
    statements_say_what_was_booked,
    bank_accounts_read_as_they_are_shown,
    files_are_what_was_approved,
    waiting_payouts_are_covered,
    in_transit_is_what_was_sent,
    late_payouts_are_known_to_staff,
    *BY_HAND,
]
