-- The name by which rules know an account's kind: `tax:` for `tax:DE`, the kind itself for all others.
CREATE OR REPLACE FUNCTION ledger_family(kind text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(kind, coalesce(nullif(strpos(kind, ':'), 0), length(kind)))
$$;
