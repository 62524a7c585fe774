-- A note of staff is what was known when it was written: it is never changed, and never goes away.
CREATE OR REPLACE FUNCTION accounts_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notes of staff are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER note_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_staffnote
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_note_stays();
