-- The name of a person in a creator's rooms: their own, or their handle where a word of the lists is in the name, or
-- NULL where one is in both. Creators without words of their own see every name: the site's hold when it is chosen.
-- `readings` has the words and beginnings of each name (live/folding.py); a name without them is not shown.
CREATE OR REPLACE FUNCTION live_name_shown(creator bigint, own_name text, handle text, readings jsonb) RETURNS text
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    shown text;
BEGIN
    PERFORM FROM live_blockedword w WHERE w.creator_id = creator LIMIT 1;
    IF NOT FOUND THEN
        RETURN own_name;
    END IF;
    FOREACH shown IN ARRAY ARRAY[own_name, handle] LOOP
        IF readings ? shown AND (
            SELECT live_refusal(creator, false, false, r.words, r.beginnings)
            FROM jsonb_to_record(readings->shown) AS r(words text[], beginnings text[])) IS NULL
        THEN
            RETURN shown;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
