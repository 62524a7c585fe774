-- What a key remembers of its posting: the same key with another digest is another request. The audit computes it
-- again from the rows that the posting was made for.
CREATE OR REPLACE FUNCTION ledger_digest(kind text, input jsonb, reverses text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(jsonb_build_array(kind, input, reverses)::text, 'UTF8'))
$$;
