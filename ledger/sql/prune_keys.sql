-- Forget old keys: read `most` keys with this beginning that follow `after`, delete those of before `moment`, and
-- return the last key read (null at the end) and how many were deleted. With `unless`, a key stays while the one
-- lives that has this beginning and the same rest: so the claim on a reversal stays as long as the key that could
-- be reversed; without that key nothing can be.
--
-- Which keys may go is for the caller to say: by itself the site's role may not call this.
CREATE OR REPLACE FUNCTION ledger_prune_keys(
    beginning text, moment timestamptz, after text, most int, unless text DEFAULT NULL
) RETURNS TABLE (reached text, pruned bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF moment > clock_timestamp() - interval '90 days' THEN
        RAISE EXCEPTION 'keys are kept for 90 days at least' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN QUERY
    WITH read AS (
        SELECT k.key, k.created_at FROM ledger_key k
        WHERE k.key > greatest(after COLLATE "C", beginning) AND k.key < rtrim(beginning, ':') || ';'  -- the next sign
        ORDER BY k.key LIMIT most
    ), gone AS (
        DELETE FROM ledger_key k USING read r
        WHERE k.key = r.key AND r.created_at < moment AND (unless IS NULL OR NOT EXISTS (
            SELECT 1 FROM ledger_key g WHERE g.key = unless || substr(r.key, length(beginning) + 1)))
        RETURNING 1
    )
    SELECT (SELECT max(r.key) FROM read r)::text, (SELECT count(*) FROM gone);
END $$;
