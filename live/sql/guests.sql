-- A creator is no guest in their own stream, whoever writes the row.
CREATE OR REPLACE FUNCTION live_guest_is_somebody_else() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM live_stream s WHERE s.id = NEW.stream_id AND s.creator_id = NEW.user_id) THEN
        RAISE EXCEPTION 'a creator is no guest in their own stream' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guest_is_somebody_else BEFORE INSERT OR UPDATE OF stream_id, user_id ON live_guest
    FOR EACH ROW EXECUTE FUNCTION live_guest_is_somebody_else();
