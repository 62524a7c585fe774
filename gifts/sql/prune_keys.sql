-- Forget old keys of gifts, and of their taking back; those of purchases and payouts are kept for ever.
--
-- A gift's own number stays unique among the gifts, and that is what a press that comes again meets first. The keys
-- of what took a gift back go after the gift's own.
CREATE OR REPLACE FUNCTION gifts_prune_keys(beginning text, moment timestamptz, after text, most int)
RETURNS TABLE (reached text, pruned bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF beginning NOT IN ('gift:', 'undo:', 'reverses:gift:') THEN
        RAISE EXCEPTION 'keys that begin with % are kept for ever', beginning USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN QUERY SELECT * FROM ledger_prune_keys(beginning, moment, after, most, nullif('gift:', beginning));
END $$;
