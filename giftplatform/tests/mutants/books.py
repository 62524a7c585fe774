"""The ledger's guards and how each is taken away. Edits are exact text."""

from giftplatform.tests.mutants.guards import (
    BOOKS,
    CROWD,
    KEYS,
    LEDGER,
    RULES,
    SEND,
    SENDING,
    SENDING_CROWD,
    SETS,
    WALLET_TABLES,
    Edit,
    Guard,
    guard,
)

LOCK = "    ORDER BY a.id FOR NO KEY UPDATE;\n"
LOCK_PURSES = "        ORDER BY a.id FOR NO KEY UPDATE\n"
TRIGGER = (
    "CREATE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{0}\n"
    "    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();\n"
)

GUARDS = [
    guard(
        "the ledger checks the balance before it posts",
        LEDGER,
        "    IF least_left < 0 THEN\n",
        "    IF false THEN\n",
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
        "unique: what may happen once, in the keys",
        (
            Edit(KEYS, 'COLLATE "C" PRIMARY KEY', 'COLLATE "C" NOT NULL'),
            Edit(LEDGER, "    ON CONFLICT (key) DO NOTHING;", "    ;"),
        ),
        (CROWD, RULES),
    ),
    guard(
        "a key that somebody claimed meanwhile is seen",
        LEDGER,
        "    IF claimed < cardinality(claims) THEN\n",
        "    IF false THEN\n",
        CROWD,
    ),
    guard(
        "who lost a claim takes back the others",
        LEDGER,
        "DELETE FROM ledger_key k WHERE k.key = ANY (claims) AND",
        "DELETE FROM ledger_key k WHERE false AND",
        RULES,
    ),
    guard(
        "the same key with another input is refused (input hash)",
        LEDGER,
        "WHEN k.input_hash = p.digest THEN 'already'",
        "WHEN k.key IS NOT NULL THEN 'already'",
        RULES,
    ),
    guard(
        "the same key with another gift is refused",
        SEND,
        "            IF one.same THEN\n",
        "            IF true THEN\n",
        SENDING,
        SETS,
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
        LOCK_PURSES,
        "        ORDER BY a.id\n",
        SENDING_CROWD,
    ),
    guard(
        "the purses of a set are locked in one order",
        SEND,
        LOCK_PURSES,
        "        ORDER BY random() FOR NO KEY UPDATE\n",
        SENDING_CROWD,
    ),
    guard("postings are append-only", BOOKS, TRIGGER.format("posting"), "", RULES),
    Guard(
        "transfers are append-only",
        (
            Edit(BOOKS, TRIGGER.format("transfer"), ""),
            Edit(KEYS, "ALTER TABLE ledger_transfer DISABLE TRIGGER transfer_append_only;\n", ""),
            Edit(KEYS, "ALTER TABLE ledger_transfer ENABLE TRIGGER transfer_append_only;\n", ""),
        ),
        (RULES,),
    ),
    guard(
        "both accounts have the transfer's unit",
        LEDGER,
        " AND l.unit = a.unit) IS NOT TRUE",
        ") IS NOT TRUE",
        RULES,
    ),
    guard("amounts are positive", LEDGER, "bool_or((l.amount > 0 AND ", "bool_or((", RULES),
    guard(
        "the fold stops at the oldest running transaction",
        BOOKS,
        "upto := pg_snapshot_xmin(pg_current_snapshot());",
        "upto := pg_snapshot_xmax(pg_current_snapshot());",
        CROWD,
    ),
    guard(
        "of two folds the second waits",
        BOOKS,
        "FROM ledger_horizon WHERE id = 1 FOR UPDATE;",
        "FROM ledger_horizon WHERE id = 1;",
        CROWD,
    ),
    guard(
        "a posting is reversed once: the ledger looks",
        LEDGER,
        "WHEN EXISTS (SELECT 1 FROM ledger_key r WHERE r.key = 'reverses:' || p.reverses)",
        "WHEN false",
        RULES,
    ),
    guard(
        "a posting is reversed once: the claim",
        LEDGER,
        "            CONTINUE WHEN reverses[n] IS NULL;\n",
        "            CONTINUE;\n",
        CROWD,
        RULES,
    ),
    guard(
        "a reversal is never reversed",
        LEDGER,
        "r.id = o.posting_id AND r.reverses_id IS NOT NULL)",
        "false)",
        RULES,
    ),
    guard(
        "a press that comes twice in a set takes its coins once",
        SEND,
        "        ELSIF 'gift:' || one.request = ANY (keys) THEN\n",
        "        ELSIF false THEN\n",
        SETS,
    ),
]
