-- The role that the site runs as: it can do everything but touch the ledger's history and what was issued.
--
--   psql -v ON_ERROR_STOP=1 -v app=giftplatform_app -f deploy/roles.sql 'postgresql://owner@host/giftplatform'
--
-- Run it as the owner of the tables (the role that runs `manage.py migrate`), after the first migrate and
-- after every upgrade: new tables and functions get their rights here. Running it again changes nothing.
-- The role itself is made once, by a role that may make roles:
--
--   CREATE ROLE giftplatform_app LOGIN PASSWORD '...';

\set ON_ERROR_STOP on
BEGIN;

-- Nothing for everybody; the site's role gets what it needs by name.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA public TO :"app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :"app";

-- The ledger is read directly and written through its functions only.
REVOKE ALL ON ledger_account, ledger_posting, ledger_key, ledger_transfer, ledger_snapshot, ledger_checkpoint,
    ledger_rule FROM :"app";
GRANT SELECT ON ledger_account, ledger_posting, ledger_key, ledger_transfer, ledger_snapshot, ledger_checkpoint,
    ledger_rule TO :"app";

-- The migrations create the functions with the caller's rights. Here they get the owner's, so that the role needs
-- none of its own on the tables that they write. A fixed search path keeps a caller's temporary tables out of them.
ALTER FUNCTION ledger_post(jsonb) SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ledger_write FROM :"app";  -- what it does not check, the two functions that call it do
ALTER FUNCTION ledger_open(bigint, text, text, boolean) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_lock_owners(bigint[], text) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_take_snapshots() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ledger_prune_keys FROM :"app";  -- which keys may go, the function of gifts says
ALTER FUNCTION gifts_prune_keys(text, timestamptz, text, int) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION gifts_send(jsonb) SECURITY DEFINER SET search_path = public, pg_temp;

-- What was issued stays as it was; only its email moves on.
REVOKE UPDATE, DELETE ON wallet_document FROM :"app";
GRANT UPDATE (due_at, attempts, mailed_at) ON wallet_document TO :"app";
REVOKE DELETE ON wallet_documentseries FROM :"app";

-- Which migrations ran is the owner's business.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM :"app";

COMMIT;
