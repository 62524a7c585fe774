-- Forget old keys of gifts: read `most` keys with this beginning that follow `after`, delete those of before `moment`,
-- and return the last key read (null at the end) and how many were deleted.
--
-- A gift's own number stays unique among the gifts, and that is what a press that comes again meets first. The claim
-- on a reversal stays as long as the key that could be reversed; without that key nothing can be.
CREATE FUNCTION ledger_prune_keys(beginning text, moment timestamptz, after text, most int)
RETURNS TABLE (reached text, pruned bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF beginning NOT IN ('gift:', 'undo:', 'reverses:gift:') THEN
        RAISE EXCEPTION 'keys that begin with % are kept for ever', beginning USING ERRCODE = 'restrict_violation';
    ELSIF moment > clock_timestamp() - interval '90 days' THEN
        RAISE EXCEPTION 'keys are kept for 90 days at least' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN QUERY
    WITH read AS (
        SELECT k.key, k.created_at FROM ledger_key k
        WHERE k.key > greatest(after COLLATE "C", beginning) AND k.key < rtrim(beginning, ':') || ';'  -- the next sign
        ORDER BY k.key LIMIT most
    ), gone AS (
        DELETE FROM ledger_key k USING read r
        WHERE k.key = r.key AND r.created_at < moment AND (beginning = 'gift:' OR NOT EXISTS (
            SELECT 1 FROM ledger_key g WHERE g.key = 'gift:' || substr(r.key, length(beginning) + 1)))
        RETURNING 1
    )
    SELECT (SELECT max(r.key) FROM read r)::text, (SELECT count(*) FROM gone);
END $$;
