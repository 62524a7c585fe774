-- What each creator gets is fixed at a bank file's approval. The day it asks for, and with it the fingerprint,
-- may move on once, with the first download: from then on the bank may have these bytes.
CREATE OR REPLACE FUNCTION payouts_file_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'approved' OR NEW.state <> 'downloaded' OR NEW.content_sha256 <> OLD.content_sha256 OR
        NOT coalesce(NEW.execute_on > OLD.execute_on, false) THEN
        RAISE EXCEPTION 'bank file % is fixed: neither its day nor its fingerprint may change', OLD.public_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER batch_file_is_fixed BEFORE UPDATE ON payouts_batch
    FOR EACH ROW WHEN (OLD.file_sha256 <> '' AND (NEW.execute_on IS DISTINCT FROM OLD.execute_on
        OR NEW.file_sha256 IS DISTINCT FROM OLD.file_sha256
        OR NEW.content_sha256 IS DISTINCT FROM OLD.content_sha256))
    EXECUTE FUNCTION payouts_file_is_fixed();
