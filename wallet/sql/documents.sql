-- A document that was issued stays what it said, and never goes away; only its email may move on.
CREATE OR REPLACE FUNCTION wallet_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'documents are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER document_stays BEFORE UPDATE ON wallet_document
    FOR EACH ROW
    WHEN (to_jsonb(OLD) - ARRAY['due_at', 'attempts', 'mailed_at'] <> to_jsonb(NEW) - ARRAY['due_at', 'attempts', 'mailed_at'])
    EXECUTE FUNCTION wallet_document_stays();
CREATE OR REPLACE TRIGGER document_is_kept BEFORE DELETE OR TRUNCATE ON wallet_document
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_document_stays();
