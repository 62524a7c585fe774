-- A pause from spending is what a person asked for in a quiet hour: nobody changes it, and nobody ends it early.
CREATE OR REPLACE FUNCTION accounts_pause_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'pauses from spending are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER pause_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_spendingpause
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_pause_stays();

-- Sending and buying read the time on the person's own row, which they have at hand.
CREATE OR REPLACE FUNCTION accounts_pause_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_user SET spending_paused_until = NEW.until
    WHERE id = NEW.user_id AND (spending_paused_until IS NULL OR spending_paused_until < NEW.until);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER pause_begins AFTER INSERT ON accounts_spendingpause
    FOR EACH ROW EXECUTE FUNCTION accounts_pause_begins();

-- A page that read the person before the pause and saves them after it must not end it: the later time stays.
CREATE OR REPLACE FUNCTION accounts_pause_lasts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.spending_paused_until := OLD.spending_paused_until;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER pause_lasts BEFORE UPDATE ON accounts_user FOR EACH ROW
    WHEN (OLD.spending_paused_until > now()
          AND (NEW.spending_paused_until IS NULL OR NEW.spending_paused_until < OLD.spending_paused_until))
    EXECUTE FUNCTION accounts_pause_lasts();
