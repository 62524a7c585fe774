"""The rules of posting and the proofs of the audit, and how each is taken away."""

from giftplatform.tests.mutants.guards import (
    BANKING_DAYS,
    COLUMNS,
    CORRUPTED,
    PAYOUT_FORGERIES,
    POSTING_RULES,
    ROLE,
    WRITE,
    guard,
)

SOURCES = "ledger/sources.py"
PAYOUT_CHECKS = "payouts/checks.py"
PROPOSAL_CHECKS = "payouts/proposals/checks.py"
WALLET_CHECKS = "wallet/checks.py"
AGAINST = "bool_or(s.rule IS NULL OR s.owner <> s.one_owner) AS against_rules"

GUARDS = [
    guard(
        "a transfer needs a rule",
        WRITE,
        AGAINST,
        "bool_or(s.owner <> s.one_owner) AS against_rules",
        POSTING_RULES,
        ROLE,
    ),
    guard(
        "one word of a rule is one person",
        WRITE,
        AGAINST,
        "bool_or(s.rule IS NULL) AS against_rules",
        POSTING_RULES,
    ),
    guard(
        "a rule says whether an account is a person's",
        WRITE,
        "                AND (r.from_party = '') = (f.owner_id IS NULL)"
        " AND (r.to_party = '') = (g.owner_id IS NULL)\n",
        "",
        POSTING_RULES,
    ),
    guard(
        "a rule says whether an account is guarded",
        WRITE,
        "                AND r.from_guarded = f.guarded AND r.to_guarded = g.guarded\n",
        "",
        POSTING_RULES,
    ),
    guard(
        "a rule says the unit",
        WRITE,
        "AND (r.unit = l.unit OR r.unit = '' AND l.unit NOT IN ('COIN', 'DIAMOND'))",
        "",
        POSTING_RULES,
    ),
    guard(
        "a rule says what may be reversed, and by what",
        WRITE,
        " AND r.reverses = coalesce(taken_back[l.ord], '')\n",
        "\n",
        POSTING_RULES,
    ),
    guard(
        "the site may not change the rules",
        "deploy/roles.sql",
        "ledger_checkpoint,\n    ledger_rule FROM",
        "ledger_checkpoint FROM",
        ROLE,
    ),
    guard(
        "audit: each transfer has its rule",
        SOURCES,
        " WHERE rule IS NULL UNION ALL",
        " WHERE false UNION ALL",
        CORRUPTED,
    ),
    guard(
        "audit: a posting's accounts are of one person",
        SOURCES,
        "HAVING (min(s.owner_id) = max(s.owner_id)) IS NOT TRUE",
        "HAVING false",
        CORRUPTED,
    ),
    guard(
        "audit: there is a checkpoint, and it is in the past",
        "ledger/checks.py",
        "    checkpoint_is_in_the_past,\n",
        "",
        COLUMNS,
    ),
    *(
        guard(f"audit: {name.replace('_', ' ')}", path, f"    {name},\n", "", *tests)
        for path, name, tests in (
            (SOURCES, "rules_are_declared", (COLUMNS,)),
            (SOURCES, "postings_have_their_rows", (CORRUPTED,)),
            (SOURCES, "keys_remember_their_input", (COLUMNS,)),
            (WALLET_CHECKS, "purchases_stand_where_their_steps_lead", (COLUMNS,)),
            (WALLET_CHECKS, "recognised_is_the_share_of_the_coins", (COLUMNS,)),
            ("gifts/checks.py", "keys_remember_their_gift", (COLUMNS,)),
            (PAYOUT_CHECKS, "payouts_stand_where_their_steps_lead", (PAYOUT_FORGERIES,)),
            (PAYOUT_CHECKS, "batches_stand_where_their_payouts_do", (COLUMNS,)),
            (PAYOUT_CHECKS, "payouts_are_worth_their_diamonds", (COLUMNS,)),
            (PAYOUT_CHECKS, "statements_say_what_was_booked", (COLUMNS,)),
            (PAYOUT_CHECKS, "bank_accounts_read_as_they_are_shown", (COLUMNS,)),
            (PAYOUT_CHECKS, "files_are_what_was_approved", (COLUMNS,)),
        )
    ),
    guard(
        "audit: a posting by hand and its proposal say the same",
        "payouts/postings.py",
        '    sources.Source(15, ("bank_charge", "payout_claim"), BY_HAND),\n',
        "",
        PAYOUT_FORGERIES,
    ),
    guard(
        "audit: a proposal says what its row says",
        PROPOSAL_CHECKS,
        "[proposals_say_what_their_rows_say, ",
        "[",
        PAYOUT_FORGERIES,
    ),
    guard(
        "audit: a step by hand has two people",
        PROPOSAL_CHECKS,
        ", steps_by_hand_have_two_people]",
        "]",
        PAYOUT_FORGERIES,
    ),
    guard(
        "audit: a posting remembers who decided",
        "payouts/sql/facts.sql",
        "'decided_by', q.decided_by_id, ",
        "",
        COLUMNS,
    ),
    guard(
        "audit: a file is what was approved but for its day",
        PAYOUT_CHECKS,
        "(digest(xml), digest(content)) == (batch.file_sha256, batch.content_sha256)",
        "digest(xml) == batch.file_sha256",
        PAYOUT_FORGERIES,
    ),
    guard(
        "what of a file is not its day is fixed",
        "payouts/sql/handed_over.sql",
        " OR NEW.content_sha256 <> OLD.content_sha256 OR",
        " OR",
        BANKING_DAYS,
    ),
    guard(
        "audit: people hold what their rows say",
        SOURCES,
        "HAVING sum(m.held) <> sum(m.due)",
        "HAVING false",
        CORRUPTED,
    ),
    guard(
        "the audit sees a gift that is undone without its reversal",
        "gifts/checks.py",
        "WHERE s.undone_at IS NOT NULL AND (s.undone_at",
        "WHERE false AND (s.undone_at",
        "gifts/tests/test_checks.py",
    ),
    guard(
        "the audit sees a reversal whose gift is not undone",
        "gifts/checks.py",
        "r.kind = 'undo' AND s.undone_at IS NULL ORDER BY 1",
        "false ORDER BY 1",
        "gifts/tests/test_checks.py",
    ),
]
