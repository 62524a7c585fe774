-- Let no transfer move an owner's guarded accounts of a unit until the transaction ends; in the order of their ids, as
-- transfers take them.
CREATE OR REPLACE FUNCTION ledger_lock_owner(owner bigint, account_unit text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_account WHERE owner_id = owner AND unit = account_unit AND guarded
    ORDER BY id FOR NO KEY UPDATE;
END $$;
