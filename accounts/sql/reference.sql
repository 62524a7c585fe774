-- Reference data has one version, and whatever changes any of it renews the version in the same transaction: processes
-- keep what they read for as long as they find the same one. Who changes something waits for who is changing now.
CREATE OR REPLACE FUNCTION accounts_renew_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_referenceversion SET version = gen_random_uuid(), changed_at = clock_timestamp();
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_region
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_country
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_taxrate
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_terms
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_renew_reference();
