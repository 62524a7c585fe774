-- A version of the terms that has begun is what people agreed to: it stays as it is, whoever asks.
-- The fingerprint is the database's own, so that it proves the text that stands beside it.
CREATE OR REPLACE FUNCTION accounts_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.valid_from <= now() THEN
        RAISE EXCEPTION 'terms that have begun are append-only: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER terms_stay BEFORE INSERT OR UPDATE OR DELETE ON accounts_terms
    FOR EACH ROW EXECUTE FUNCTION accounts_terms_stay();

CREATE OR REPLACE FUNCTION accounts_terms_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'terms are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER terms_whole BEFORE TRUNCATE ON accounts_terms
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_terms_whole();
