-- The balance of an account on the credit side: its own column when guarded, else the fold and what came since.
CREATE OR REPLACE FUNCTION ledger_balance(account bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.guarded THEN a.balance ELSE
        coalesce((SELECT f.credits - f.debits FROM ledger_fold f WHERE f.account_id = a.id), 0)
        + coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.to_account_id = a.id AND t.xid >= h.xid), 0)
        - coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.from_account_id = a.id AND t.xid >= h.xid), 0)
        END
    FROM ledger_account a, ledger_horizon h WHERE a.id = account
$$;
