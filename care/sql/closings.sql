-- An account closes with nothing in it but what its owner gave up: no coins on hold, no money, no diamonds unsaid.
CREATE OR REPLACE FUNCTION care_closes_empty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT coalesce(sum(ledger_balance(a.id)) FILTER (WHERE a.kind = 'coins'), 0) AS coins,
           coalesce(sum(ledger_balance(a.id)) FILTER (WHERE a.kind = 'bonus_coins'), 0) AS bonus,
           coalesce(sum(ledger_balance(a.id)) FILTER (WHERE a.kind IN ('diamonds', 'diamonds_held', 'diamonds_frozen')), 0) AS diamonds,
           coalesce(sum(ledger_balance(a.id)) FILTER (WHERE a.kind IN ('coins_held', 'cash', 'cash_reserve')), 0) AS others
    INTO held FROM ledger_account a WHERE a.owner_id = NEW.user_id;
    IF (held.coins, held.bonus, held.diamonds, held.others)
        IS DISTINCT FROM (NEW.coins_given_up, NEW.bonus_given_up, NEW.diamonds_given_up, 0) THEN
        RAISE EXCEPTION 'an account closes empty: % coins, % bonus, % diamonds, % others', held.coins, held.bonus, held.diamonds, held.others
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER closes_empty BEFORE INSERT OR UPDATE OF closed_at ON care_closing FOR EACH ROW
    WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION care_closes_empty();
