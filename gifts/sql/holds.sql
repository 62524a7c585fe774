-- A flag holds gifts that have not been released for as long as it holds new ones; when it is taken away they
-- wait as long as the creator's other gifts. Counted from when each was sent.
CREATE OR REPLACE FUNCTION gifts_hold_again(whose bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE gifts_sentgift g SET release_at = g.created_at + make_interval(days => CASE c.trust
        WHEN 'trusted' THEN p.hold_days_trusted WHEN 'flagged' THEN p.hold_days_flagged ELSE p.hold_days_new END)
    FROM accounts_creator c, gifts_giftpolicy p
    WHERE c.user_id = whose AND g.creator_id = whose AND g.released_at IS NULL AND g.undone_at IS NULL;
$$;
CREATE OR REPLACE FUNCTION gifts_follow_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gifts_hold_again(NEW.user_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_flag AFTER UPDATE OF trust ON accounts_creator FOR EACH ROW
    WHEN (OLD.trust <> NEW.trust AND 'flagged' IN (OLD.trust, NEW.trust)) EXECUTE FUNCTION gifts_follow_flag();
