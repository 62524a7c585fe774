-- The id of an account, opened on first use.
CREATE OR REPLACE FUNCTION ledger_open(owner bigint, account_kind text, account_unit text, is_guarded boolean)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    opened bigint;
BEGIN
    LOOP  -- a second turn finds what another transaction opened while we waited
        -- Two questions, because no index answers IS NOT DISTINCT FROM.
        IF owner IS NULL THEN
            SELECT id INTO opened FROM ledger_account
            WHERE owner_id IS NULL AND kind = account_kind AND unit = account_unit;
        ELSE
            SELECT id INTO opened FROM ledger_account
            WHERE owner_id = owner AND kind = account_kind AND unit = account_unit;
        END IF;
        IF FOUND THEN RETURN opened; END IF;
        INSERT INTO ledger_account (owner_id, kind, unit, guarded)
        VALUES (owner, account_kind, account_unit, is_guarded)
        ON CONFLICT (owner_id, kind, unit) DO NOTHING RETURNING id INTO opened;
        IF FOUND THEN RETURN opened; END IF;
    END LOOP;
END $$;
