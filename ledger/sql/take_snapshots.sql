-- Move the checkpoint to the oldest transaction that may still write, and add what lies before it to the snapshots.
-- By transaction id, never by row id or time: ids are drawn before commit, and a checkpoint by id loses money.
CREATE OR REPLACE FUNCTION ledger_take_snapshots() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before xid8;
    upto xid8;
    snapshots bigint;
BEGIN
    SELECT xid INTO before FROM ledger_checkpoint WHERE id = 1 FOR UPDATE;
    upto := pg_snapshot_xmin(pg_current_snapshot());
    IF upto <= before THEN RETURN 0; END IF;
    WITH sums AS (
        SELECT account, sum(debit)::bigint AS debits, sum(credit)::bigint AS credits FROM (
            SELECT from_account_id AS account, amount AS debit, 0 AS credit
            FROM ledger_transfer WHERE xid >= before AND xid < upto
            UNION ALL
            SELECT to_account_id, 0, amount FROM ledger_transfer WHERE xid >= before AND xid < upto
        ) s GROUP BY account
    ), written AS (
        INSERT INTO ledger_snapshot AS n (account_id, debits, credits)
        SELECT s.account, s.debits, s.credits FROM sums s
        JOIN ledger_account a ON a.id = s.account AND NOT a.guarded
        ON CONFLICT (account_id) DO UPDATE
        SET debits = n.debits + excluded.debits, credits = n.credits + excluded.credits
        RETURNING 1
    )
    SELECT count(*) INTO snapshots FROM written;
    UPDATE ledger_checkpoint SET xid = upto, moved_at = clock_timestamp() WHERE id = 1;
    RETURN snapshots;
END $$;
