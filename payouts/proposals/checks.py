"""The audit of what two people booked by hand: each proposal says what its row says, and each step
by hand has its proposal.
"""

from collections.abc import Iterable

from ledger.checks import Breach, Check, found


def proposals_say_what_their_rows_say() -> Iterable[Breach]:
    """15: a confirmed proposal is of two people and names what its row of the bank's file names,
    which it took.
    """
    yield from found(
        15,
        "A proposal and the row of the bank's file don't say the same.",
        "SELECT q.id, q.public_id::text AS proposal, q.kind, q.state, q.line_id, l.outcome"
        " FROM payouts_proposal q LEFT JOIN payouts_statementline l ON l.id = q.line_id"
        " LEFT JOIN payouts_bankstatement s ON s.id = l.statement_id"
        " LEFT JOIN payouts_bankbalance k ON k.id = q.balance_id"
        " LEFT JOIN payouts_bankstatement o ON o.id = k.statement_id"
        " LEFT JOIN payouts_batch b ON b.id = q.batch_id"
        " LEFT JOIN payouts_payout p ON p.id = l.payout_id"
        " WHERE (CASE WHEN q.kind = 'not_executed' THEN q.currency = b.currency"
        "     AND q.uploaded_by_id IS NULL"
        "   WHEN q.kind IN ('difference', 'gap') THEN q.currency = k.currency"
        "     AND q.uploaded_by_id = o.uploaded_by_id"
        "   ELSE q.uploaded_by_id = s.uploaded_by_id"
        "     AND q.payout_id IS NOT DISTINCT FROM l.payout_id"
        "     AND q.batch_id IS NOT DISTINCT FROM l.batch_id"
        "     AND q.currency = coalesce(nullif(l.currency, ''), p.currency, '')"
        "     AND (q.state <> 'confirmed' OR CASE q.kind"
        "       WHEN 'return' THEN l.outcome = 'returned' AND l.credit"
        "       WHEN 'wrong_row' THEN l.outcome = 'dismissed'"
        "       WHEN 'charge' THEN l.outcome IN ('settled', 'returned', 'unknown')"
        "         AND q.amount_minor = CASE l.outcome WHEN 'unknown' THEN l.amount_minor"
        "           ELSE l.charge_minor END"
        "       ELSE l.outcome = CASE WHEN l.credit THEN 'returned' ELSE 'settled' END END)"
        " END) IS NOT TRUE OR q.state = 'confirmed' AND (q.decided_by_id <> q.proposed_by_id"
        "   AND q.decided_by_id IS DISTINCT FROM q.uploaded_by_id) IS NOT TRUE ORDER BY q.id",
    )


def steps_by_hand_have_two_people() -> Iterable[Breach]:
    """15: a step that no answer of the bank made by itself has a confirmed proposal about its
    payout, and only such a step has one; a file is void by one.
    """
    yield from found(
        15,
        "A payout's step and the proposal of two people don't match.",
        "SELECT e.id, e.payout_id, p.public_id::text AS payout, e.before, e.state, e.decision_id"
        " FROM (SELECT *, lag(state) OVER (PARTITION BY payout_id ORDER BY id) AS before"
        "   FROM payouts_payoutevent) e JOIN payouts_payout p ON p.id = e.payout_id"
        " LEFT JOIN payouts_payout r ON r.id = p.pays_again_id"
        " LEFT JOIN payouts_proposal q ON q.id = e.decision_id AND q.state = 'confirmed'"
        " WHERE (CASE WHEN e.decision_id IS NULL"
        "     THEN e.state NOT IN ('settled', 'returned') OR e.before = 'sent'"
        "   WHEN e.state = 'cancelled' THEN q.kind IN ('paid', 'paid_with_charge')"
        "     AND (q.payout_id = r.id OR q.batch_id = r.batch_id)"
        "   ELSE (q.payout_id = p.id OR q.batch_id = p.batch_id) AND (e.state, q.kind) IN ("
        "     ('settled', 'paid'), ('settled', 'paid_with_charge'), ('returned', 'paid'),"
        "     ('returned', 'paid_with_charge'), ('returned', 'return'),"
        "     ('returned', 'not_executed'))"
        "     AND (q.kind <> 'not_executed' OR e.before = 'sent') END) IS NOT TRUE ORDER BY e.id",
    )
    # What ended a hold made no step. It may be of any payout of the same money, one creator's.
    yield from found(
        15,
        "A payout's last decision is none that is about it.",
        "SELECT p.id, p.public_id::text AS payout, p.state, p.decision_id FROM payouts_payout p"
        " LEFT JOIN payouts_proposal q ON q.id = p.decision_id"
        " LEFT JOIN LATERAL (SELECT e.decision_id, d.decided_at FROM payouts_payoutevent e"
        "   LEFT JOIN payouts_proposal d ON d.id = e.decision_id"
        "   WHERE e.payout_id = p.id AND e.decision_id IS NOT NULL ORDER BY e.id DESC LIMIT 1) e"
        "   ON true"
        " WHERE p.decision_id IS DISTINCT FROM e.decision_id AND (q.state = 'confirmed'"
        "   AND q.kind IN ('paid', 'paid_with_charge', 'wrong_row')"
        "   AND (e.decided_at IS NULL OR q.decided_at >= e.decided_at)"
        "   AND EXISTS (SELECT FROM payouts_payout o WHERE o.creator_id = p.creator_id"
        "     AND (o.id = q.payout_id OR o.batch_id = q.batch_id))) IS NOT TRUE ORDER BY p.id",
    )
    yield from found(
        15,
        "A bank file that was never executed and the proposal of two people don't match.",
        "SELECT b.id, b.public_id::text AS batch, b.state, q.id AS proposal_id,"
        " q.public_id::text AS proposal FROM payouts_batch b"
        " FULL JOIN (SELECT * FROM payouts_proposal"
        "   WHERE state = 'confirmed' AND kind = 'not_executed') q ON q.id = b.decision_id"
        " WHERE (b.decision_id IS NOT NULL OR b.state = 'void' OR q.id IS NOT NULL)"
        "   AND (b.state = 'void' AND b.id = q.batch_id) IS NOT TRUE ORDER BY b.id",
    )


CHECKS: list[Check] = [proposals_say_what_their_rows_say, steps_by_hand_have_two_people]
