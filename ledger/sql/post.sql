-- The one writer of the ledger, in batches.
--
-- ledger_post(postings) takes a JSON array; each element is one business event:
--   {"key": text, "kind": text, "transfers": [{"unit", "from", "to", "amount"}, ...],
--    "reverses": key of an earlier posting (then its exact mirror is written and "transfers" is left out),
--    "input": any JSON that the caller's request consisted of, where the transfers are derived from it}
-- and answers one row per element, in order: done, already (same key and input as before) or refused and why.
-- A refused element refuses only itself: a batch in which all is well is written at once, any other one posting
-- after the other.
CREATE OR REPLACE FUNCTION ledger_post(postings jsonb)
RETURNS TABLE (ord int, outcome text, posting_id bigint, code text, detail jsonb)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    many int := jsonb_array_length(postings);
    legs ledger_leg[];
    keys text[];
    kinds text[];
    reverses text[];
    originals bigint[];
    digests bytea[];
    codes text[];
    earlier bigint[];
    ids bigint[];
BEGIN
    -- What moves. A reversal moves what its original moved, the other way.
    SELECT array_agg(ROW(l.n, l.unit, l.from_id, l.to_id, l.amount)::ledger_leg) INTO legs FROM (
        SELECT p.n, t.unit, t."from" AS from_id, t."to" AS to_id, t.amount
        FROM jsonb_array_elements(postings) WITH ORDINALITY p(body, n)
        CROSS JOIN LATERAL jsonb_to_recordset(p.body->'transfers')
            AS t(unit text, "from" bigint, "to" bigint, amount bigint)
        WHERE p.body->>'reverses' IS NULL
        UNION ALL
        SELECT p.n, t.unit, t.to_account_id, t.from_account_id, t.amount
        FROM jsonb_array_elements(postings) WITH ORDINALITY p(body, n)
        JOIN ledger_key k ON k.key = p.body->>'reverses'
        JOIN ledger_transfer t ON t.posting_id = k.posting_id
    ) l;

    -- Every guarded account of the whole batch is locked first, in id order: two batches can never wait for each other.
    PERFORM 1 FROM ledger_account a
    WHERE a.guarded AND a.id = ANY (ARRAY(
        SELECT l.from_id FROM unnest(legs) l UNION SELECT l.to_id FROM unnest(legs) l))
    ORDER BY a.id FOR NO KEY UPDATE;

    -- What was known before, looked up under the locks.
    SELECT array_agg(v.key ORDER BY v.n), array_agg(v.kind ORDER BY v.n), array_agg(v.reverses ORDER BY v.n),
           array_agg(v.original ORDER BY v.n), array_agg(v.digest ORDER BY v.n),
           array_agg(v.code ORDER BY v.n), array_agg(v.earlier ORDER BY v.n)
    INTO keys, kinds, reverses, originals, digests, codes, earlier
    FROM (
        SELECT p.*, k.posting_id AS earlier, o.posting_id AS original, CASE
            WHEN k.input_hash = p.digest THEN 'already'
            WHEN k.key IS NOT NULL THEN 'key_reused'
            WHEN p.reverses IS NOT NULL AND o.key IS NULL THEN 'nothing_to_reverse'
            WHEN EXISTS (SELECT 1 FROM ledger_posting r WHERE r.id = o.posting_id AND r.reverses_id IS NOT NULL)
                THEN 'reversal_is_final'
            WHEN EXISTS (SELECT 1 FROM ledger_key r WHERE r.key = 'reverses:' || p.reverses)
                THEN 'already_reversed'
            WHEN p.n <> ALL (ARRAY(SELECT l.ord FROM unnest(legs) l)) THEN 'bad_transfer'
            END AS code
        FROM (
            SELECT x.n::int AS n, x.body->>'key' AS key, x.body->>'kind' AS kind, x.body->>'reverses' AS reverses,
                   ledger_digest(x.body->>'kind', coalesce(x.body->'input', x.body->'transfers', '[]'),
                                 x.body->>'reverses') AS digest
            FROM jsonb_array_elements(postings) WITH ORDINALITY x(body, n)
        ) p
        LEFT JOIN ledger_key k ON k.key = p.key
        LEFT JOIN ledger_key o ON o.key = p.reverses
    ) v;
    IF num_nonnulls(VARIADIC codes) = 0 THEN
        ids := ARRAY(SELECT nextval('ledger_posting_id_seq') FROM generate_series(1, many));
        SELECT w.code, w.detail INTO code, detail
        FROM ledger_write(ids, keys, kinds, digests, legs, reverses, originals) w;
        IF code IS NULL THEN
            RETURN QUERY SELECT n, 'done', ids[n], NULL::text, '{}'::jsonb FROM generate_series(1, many) n;
            RETURN;
        END IF;
    ELSE
        code := codes[1];
    END IF;

    IF many = 1 AND code <> 'key_claimed' THEN
        ord := 1;
        outcome := CASE code WHEN 'already' THEN 'already' ELSE 'refused' END;
        posting_id := earlier[1];
        code := nullif(code, 'already');
        detail := coalesce(detail, '{}');
        RETURN NEXT;
        RETURN;
    END IF;
    -- One after the other, each for itself; one that lost a key to another transaction sees now what that one wrote.
    FOR n IN 1..many LOOP
        SELECT a.outcome, a.posting_id, a.code, a.detail INTO outcome, posting_id, code, detail
        FROM ledger_post(jsonb_build_array(postings->(n - 1))) a;
        ord := n;
        RETURN NEXT;
    END LOOP;
END $$;
