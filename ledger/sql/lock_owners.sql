-- Let no transfer move the guarded accounts of some owners in a unit until the transaction ends; in the order of their ids,
-- as transfers take them.
CREATE OR REPLACE FUNCTION ledger_lock_owners(owners bigint[], account_unit text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_account WHERE owner_id = ANY (owners) AND unit = account_unit AND guarded
    ORDER BY id FOR NO KEY UPDATE;
END $$;
