-- Prices, rates and rules are reference data: whatever changes them renews its version (accounts/sql/reference.sql).
-- What a promotion has granted is none: each order that is paid writes it, and orders do not wait for each other.
CREATE OR REPLACE FUNCTION wallet_renew_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_referenceversion SET version = gen_random_uuid(), changed_at = clock_timestamp();
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_ratecard
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_fxrate
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_bundle
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_bundleprice
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_spendingpolicy
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR DELETE OR TRUNCATE OR
    UPDATE OF name, first_purchase, region_id, bundle_id, percent, coins, bonus_days, starts_at, ends_at, budget_coins,
        per_fan_coins, stopped_at ON wallet_promotion
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_disputepolicy
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_codepolicy
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
CREATE OR REPLACE TRIGGER renew_reference AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wallet_velocityrule
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_renew_reference();
