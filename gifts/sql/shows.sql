-- A gift shows what comes with the site, or an upload that was drawn within its limits: never one that may hang the
-- browsers of all who see it.

CREATE OR REPLACE FUNCTION gifts_shows_what_was_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM unnest(ARRAY[NEW.art, NEW.motion]) shown(path)
        WHERE shown.path LIKE '/%' AND NOT EXISTS (
            SELECT 1 FROM gifts_upload u WHERE u.path = shown.path AND u.state = 'drawn')
    ) THEN
        RAISE EXCEPTION 'A gift shows an upload only once it was drawn.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_shows_what_was_drawn';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER gift_shows_what_was_drawn BEFORE INSERT OR UPDATE OF art, motion ON gifts_gift
    FOR EACH ROW EXECUTE FUNCTION gifts_shows_what_was_drawn();
