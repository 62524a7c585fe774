-- The balance of an account on the credit side: its own column when guarded, else the snapshot and what came since.
CREATE OR REPLACE FUNCTION ledger_balance(account bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.guarded THEN a.balance ELSE
        coalesce((SELECT s.credits - s.debits FROM ledger_snapshot s WHERE s.account_id = a.id), 0)
        + coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.to_account_id = a.id AND t.xid >= c.xid), 0)
        - coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.from_account_id = a.id AND t.xid >= c.xid), 0)
        END
    FROM ledger_account a, ledger_checkpoint c WHERE a.id = account
$$;
