"""The ledger's guards and how each is taken away. Edits are exact text."""

from giftplatform.tests.mutants.guards import (
    CROWD,
    LAST_LINE,
    LEDGER,
    RULES,
    SEND,
    SENDING_CROWD,
    WALLET_TABLES,
    Edit,
    Guard,
    guard,
)

LOCK = "    ORDER BY a.id FOR NO KEY UPDATE;\n"
TRIGGER = (
    "CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{0}\n"
    "    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();\n"
)

GUARDS = [
    guard(
        "the ledger checks the balance before it posts",
        LEDGER,
        "WHERE a.guarded AND a.balance + d.delta < 0",
        "WHERE false",
        RULES,
    ),
    guard(
        "CHECK balance_never_negative",
        WALLET_TABLES,
        "('balance__gte', 0)",
        "('balance__gte', -(10**15))",
        RULES,
    ),
    Guard(
        "unique: the posting's key",
        (
            Edit(
                WALLET_TABLES, "CharField(max_length=120, unique=True)", "CharField(max_length=120)"
            ),
            Edit(LEDGER, "        ON CONFLICT (key) DO NOTHING RETURNING", "        RETURNING"),
        ),
        (CROWD,),
    ),
    guard(
        "a known key is answered before anything else is looked at",
        LEDGER,
        "WHERE key = item->>'key';\n        IF FOUND THEN",
        "WHERE false;\n        IF FOUND THEN",
        LAST_LINE,
    ),
    Guard(
        "the same key with another input is refused (input hash)",
        (Edit(LEDGER, "IF earlier.input_hash = digest THEN", "IF true THEN", times=2),),
        (RULES,),
    ),
    guard(
        "guarded accounts are locked before they are read",
        LEDGER,
        LOCK,
        "    ORDER BY a.id;\n",
        CROWD,
    ),
    guard(
        "guarded accounts are locked in one order",
        LEDGER,
        LOCK,
        "    ORDER BY random() FOR NO KEY UPDATE;\n",
        CROWD,
    ),
    guard(
        "the sender's purse is locked before the key is looked up",
        SEND,
        "AND a.unit = 'COIN' AND a.guarded ORDER BY a.id FOR NO KEY UPDATE;",
        "AND a.unit = 'COIN' AND a.guarded ORDER BY a.id;",
        SENDING_CROWD,
    ),
    guard("postings are append-only", LEDGER, TRIGGER.format("posting"), "", RULES),
    guard("transfers are append-only", LEDGER, TRIGGER.format("transfer"), "", RULES),
    guard(
        "both accounts have the transfer's unit",
        LEDGER,
        "f.unit IS DISTINCT FROM t->>'unit' OR g.unit IS DISTINCT FROM t->>'unit'",
        "f.id IS NULL OR g.id IS NULL",
        RULES,
    ),
    guard(
        "amounts are positive",
        LEDGER,
        " OR coalesce((t->>'amount')::bigint, 0) <= 0",
        "",
        RULES,
    ),
    guard(
        "the fold stops at the oldest running transaction",
        LEDGER,
        "upto := pg_snapshot_xmin(pg_current_snapshot());",
        "upto := pg_snapshot_xmax(pg_current_snapshot());",
        CROWD,
    ),
    guard(
        "of two folds the second waits",
        LEDGER,
        "FROM ledger_horizon WHERE id = 1 FOR UPDATE;",
        "FROM ledger_horizon WHERE id = 1;",
        CROWD,
    ),
    guard(
        "a posting is reversed once: the ledger looks",
        LEDGER,
        "ELSIF EXISTS (SELECT 1 FROM ledger_posting WHERE reverses_id = original.id) THEN",
        "ELSIF false THEN",
        RULES,
    ),
    guard(
        "a posting is reversed once: of two, the second waits",
        LEDGER,
        "WHERE key = item->>'reverses' FOR NO KEY UPDATE;",
        "WHERE key = item->>'reverses';",
        CROWD,
    ),
    guard(
        "a posting is reversed once: the constraint",
        WALLET_TABLES,
        "('reverses', models.OneToOneField(",
        "('reverses', models.ForeignKey(",
        CROWD,
    ),
    guard(
        "a reversal is never reversed",
        LEDGER,
        "ELSIF original.reverses_id IS NOT NULL THEN",
        "ELSIF false THEN",
        RULES,
    ),
]
