"""The ledger's guards and how each is taken away. Edits are exact text."""

from giftplatform.tests.mutants.guards import (
    APPEND_ONLY,
    LEDGER_RACES,
    LEDGER_SQL,
    LEDGER_TABLES,
    POST,
    RULES,
    SEND,
    SENDING,
    SENDING_BATCHES,
    SENDING_CROWD,
    SNAPSHOTS,
    WRITE,
    Edit,
    Guard,
    guard,
)

LOCK = "    ORDER BY a.id FOR NO KEY UPDATE;\n"
LOCK_COIN_ACCOUNTS = "        ORDER BY a.id FOR NO KEY UPDATE\n"
TRIGGER = (
    "CREATE OR REPLACE TRIGGER {0}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{0}\n"
    "    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();\n"
)
# No key is the only one of its name any more.
ANY_KEY = 'migrations.RunSQL("ALTER TABLE ledger_key DROP CONSTRAINT ledger_key_pkey")'

GUARDS = [
    guard(
        "the ledger checks the balance before it posts",
        WRITE,
        "    IF least_left < 0 THEN\n",
        "    IF false THEN\n",
        RULES,
    ),
    guard(
        "CHECK balance_never_negative",
        LEDGER_TABLES,
        "('balance__gte', 0)",
        "('balance__gte', -(10**15))",
        RULES,
    ),
    Guard(
        "unique: what may happen once, in the keys",
        (
            Edit(LEDGER_SQL, "    operations = [\n", f"    operations = [\n        {ANY_KEY},\n"),
            Edit(WRITE, "    ON CONFLICT (key) DO NOTHING;", "    ;"),
        ),
        (LEDGER_RACES, RULES),
    ),
    guard(
        "a key that was claimed meanwhile is seen",
        WRITE,
        "    IF claimed < cardinality(claims) THEN\n",
        "    IF false THEN\n",
        LEDGER_RACES,
    ),
    guard(
        "a batch that lost a claim takes back the others",
        WRITE,
        "DELETE FROM ledger_key k WHERE k.key = ANY (claims) AND",
        "DELETE FROM ledger_key k WHERE false AND",
        RULES,
    ),
    guard(
        "the same key with another input is refused (input hash)",
        POST,
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
        SENDING_BATCHES,
    ),
    guard(
        "guarded accounts are locked before they are read",
        POST,
        LOCK,
        "    ORDER BY a.id;\n",
        LEDGER_RACES,
    ),
    guard(
        "guarded accounts are locked in one order",
        POST,
        LOCK,
        "    ORDER BY random() FOR NO KEY UPDATE;\n",
        LEDGER_RACES,
    ),
    guard(
        "the sender's balance is locked before the key is looked up",
        SEND,
        LOCK_COIN_ACCOUNTS,
        "        ORDER BY a.id\n",
        SENDING_CROWD,
    ),
    guard(
        "the coin accounts of a batch are locked in one order",
        SEND,
        LOCK_COIN_ACCOUNTS,
        "        ORDER BY random() FOR NO KEY UPDATE\n",
        SENDING_CROWD,
    ),
    guard("postings are append-only", APPEND_ONLY, TRIGGER.format("posting"), "", RULES),
    guard("transfers are append-only", APPEND_ONLY, TRIGGER.format("transfer"), "", RULES),
    guard(
        "both accounts have the transfer's unit",
        WRITE,
        " AND l.unit = f.unit AND l.unit = g.unit) IS NOT TRUE",
        ") IS NOT TRUE",
        RULES,
    ),
    guard("amounts are positive", WRITE, "(l.amount > 0 AND f.id", "(f.id", RULES),
    guard(
        "the checkpoint stops at the oldest running transaction",
        SNAPSHOTS,
        "upto := pg_snapshot_xmin(pg_current_snapshot());",
        "upto := pg_snapshot_xmax(pg_current_snapshot());",
        LEDGER_RACES,
    ),
    guard(
        "of two that take snapshots the second waits",
        SNAPSHOTS,
        "FROM ledger_checkpoint WHERE id = 1 FOR UPDATE;",
        "FROM ledger_checkpoint WHERE id = 1;",
        LEDGER_RACES,
    ),
    guard(
        "a posting is reversed once: the ledger looks",
        POST,
        "WHEN EXISTS (SELECT 1 FROM ledger_key r WHERE r.key = 'reverses:' || p.reverses)",
        "WHEN false",
        RULES,
    ),
    guard(
        "a posting is reversed once: the claim",
        WRITE,
        "            CONTINUE WHEN reverses[n] IS NULL;\n",
        "            CONTINUE;\n",
        LEDGER_RACES,
        RULES,
    ),
    guard(
        "a reversal is never reversed",
        POST,
        "r.id = o.posting_id AND r.reverses_id IS NOT NULL)",
        "false)",
        RULES,
    ),
    guard(
        "a press that comes twice in a batch takes its coins once",
        SEND,
        "        ELSIF 'gift:' || one.request = ANY (keys) THEN\n",
        "        ELSIF false THEN\n",
        SENDING_BATCHES,
    ),
]
