-- Why these words are refused in a creator's room: 'message_off', 'message_link', 'message_filtered', or NULL.
-- The message comes as everything it can be read as (live/folding.py); one word of a list among them is enough.
CREATE OR REPLACE FUNCTION live_refusal(
    creator bigint, with_gift boolean, link boolean, words text[], beginnings text[]
) RETURNS text LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    rules record;
BEGIN
    SELECT r.gift_messages, r.links INTO rules FROM live_roomrules r WHERE r.creator_id = creator;
    IF with_gift AND rules.gift_messages IS FALSE THEN
        RETURN 'message_off';
    ELSIF link AND rules.links IS NOT TRUE THEN
        RETURN 'message_link';
    END IF;
    PERFORM FROM live_blockedword w
    WHERE w.folded = ANY (words) AND NOT w.starts AND (w.creator_id IS NULL OR w.creator_id = creator)
    LIMIT 1;
    IF NOT FOUND THEN
        PERFORM FROM live_blockedword w
        WHERE w.folded = ANY (beginnings) AND w.starts AND (w.creator_id IS NULL OR w.creator_id = creator)
        LIMIT 1;
    END IF;
    RETURN CASE WHEN FOUND THEN 'message_filtered' END;
END $$;
