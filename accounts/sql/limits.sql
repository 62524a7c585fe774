-- A person's own limit is lowered at once and raised only by its waiting step: whoever writes a higher one into it, or
-- none, before that step's time is refused, superusers too.
CREATE OR REPLACE FUNCTION accounts_limit_waits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held bigint := CASE WHEN OLD.next_at <= clock_timestamp() THEN OLD.next_coins ELSE OLD.coins END;
BEGIN
    IF held IS NOT NULL AND (NEW.coins IS NULL OR NEW.coins > held) THEN
        RAISE EXCEPTION 'a limit is raised after its wait, not at once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER limit_waits BEFORE UPDATE ON accounts_spendinglimit
    FOR EACH ROW EXECUTE FUNCTION accounts_limit_waits();
