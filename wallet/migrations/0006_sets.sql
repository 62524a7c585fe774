-- The one writer of the ledger, in sets.
--
-- ledger_post(postings) takes a JSON array; each element is one business event:
--   {"key": text, "kind": text, "transfers": [{"unit", "from", "to", "amount"}, ...],
--    "reverses": key of an earlier posting (then its exact mirror is written and "transfers" is left out),
--    "input": any JSON that the caller's request consisted of, where the transfers are derived from it}
-- and answers one row per element, in order: done, already (same key and input as before) or refused and why.
-- A refused element refuses only itself: a set in which all is well is written at once, any other one posting
-- after the other.

CREATE TYPE ledger_leg AS (ord int, unit text, from_id bigint, to_id bigint, amount bigint);

-- Write a set of postings under ids that the caller drew, all or none: `code` says why none was written. `legs` name
-- their posting by its place in the set. The caller holds the locks of the guarded accounts; whoever forgets meets
-- the constraint.
--
-- The planner may not scan here: it would guess from tables that were small when a connection came, and the
-- connection stays while they grow.
CREATE FUNCTION ledger_write(
    ids bigint[], keys text[], kinds text[], digests bytea[], legs ledger_leg[],
    reverses text[] DEFAULT NULL, originals bigint[] DEFAULT NULL,
    OUT code text, OUT detail jsonb
) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    booked_at timestamptz := clock_timestamp();
    accounts bigint[];
    deltas bigint[];
    wrong boolean;
    least_left bigint;
    claims text[] := keys;
    claimants bigint[] := ids;
    marks bytea[] := digests;
    claimed int;
BEGIN
    -- What each guarded account gains or loses, and the least that could be left on one: with all that the set
    -- takes and nothing that it brings.
    SELECT array_agg(x.account) FILTER (WHERE x.guarded), array_agg(x.delta) FILTER (WHERE x.guarded),
           bool_or(x.wrong), min(x.least_left) FILTER (WHERE x.guarded)
    INTO accounts, deltas, wrong, least_left
    FROM (
        SELECT a.id AS account, a.guarded, sum(s.amount)::bigint AS delta,
               a.balance + sum(least(s.amount, 0))::bigint AS least_left,
               bool_or((l.amount > 0 AND l.from_id <> l.to_id AND l.unit = a.unit) IS NOT TRUE) AS wrong
        FROM unnest(legs) l
        CROSS JOIN LATERAL (VALUES (l.from_id, -l.amount), (l.to_id, l.amount)) s(account, amount)
        LEFT JOIN ledger_account a ON a.id = s.account
        GROUP BY a.id
    ) x;

    -- Both accounts exist and have the transfer's unit; the amount is positive.
    IF wrong IS NOT FALSE THEN
        code := 'bad_transfer';
        SELECT jsonb_build_object('unit', l.unit, 'from', l.from_id, 'to', l.to_id, 'amount', l.amount) INTO detail
        FROM unnest(legs) l
        LEFT JOIN ledger_account f ON f.id = l.from_id
        LEFT JOIN ledger_account g ON g.id = l.to_id
        WHERE f.unit IS DISTINCT FROM l.unit OR g.unit IS DISTINCT FROM l.unit
           OR f.id = g.id OR coalesce(l.amount, 0) <= 0
        LIMIT 1;
        RETURN;
    END IF;

    -- No posting takes a guarded account below zero. What a set brings counts within one posting only.
    IF least_left < 0 THEN
        SELECT 'insufficient', jsonb_build_object('account', a.id, 'kind', a.kind, 'unit', a.unit,
                                                  'balance', a.balance, 'missing', -(a.balance + d.delta))
        INTO code, detail
        FROM unnest(accounts, deltas) d(account, delta) JOIN ledger_account a ON a.id = d.account
        WHERE a.balance + d.delta < 0 OR cardinality(keys) > 1 ORDER BY a.balance + d.delta LIMIT 1;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;

    IF reverses IS NOT NULL THEN
        FOR n IN 1..cardinality(keys) LOOP
            CONTINUE WHEN reverses[n] IS NULL;
            claims := claims || ('reverses:' || reverses[n]);
            claimants := claimants || ids[n];
            marks := marks || digests[n];
        END LOOP;
    END IF;
    -- A key is claimed once for all time, and so is the taking back of a posting. In one order everywhere.
    INSERT INTO ledger_key (key, posting_id, input_hash, created_at)
    SELECT c.key, c.posting, c.mark, booked_at FROM unnest(claims, claimants, marks) c(key, posting, mark)
    ORDER BY c.key
    ON CONFLICT (key) DO NOTHING;
    GET DIAGNOSTICS claimed = ROW_COUNT;
    IF claimed < cardinality(claims) THEN
        -- Another transaction claimed one while we waited, or two of the set are the same.
        DELETE FROM ledger_key k WHERE k.key = ANY (claims) AND k.posting_id = ANY (ids);
        code := 'key_claimed';
        RETURN;
    END IF;

    INSERT INTO ledger_posting (id, key, kind, reverses_id, created_at)
    SELECT p.id, p.key, p.kind, p.original, booked_at
    FROM unnest(ids, keys, kinds, originals) p(id, key, kind, original);

    INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount, created_at)
    SELECT ids[l.ord], l.unit, l.from_id, l.to_id, l.amount, booked_at FROM unnest(legs) l;

    UPDATE ledger_account a SET balance = a.balance + d.delta
    FROM unnest(accounts, deltas) d(account, delta) WHERE a.id = d.account;
END $$;

DROP FUNCTION ledger_post(jsonb);
CREATE FUNCTION ledger_post(postings jsonb)
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

    -- Every guarded account of the whole set is locked first, in id order: two sets can never wait for each other.
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
                   sha256(convert_to(jsonb_build_array(
                       x.body->'kind', coalesce(x.body->'input', x.body->'transfers', '[]'), x.body->'reverses'
                   )::text, 'UTF8')) AS digest
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
    -- One after the other, each for itself; who lost a key to another transaction sees now what that one wrote.
    FOR n IN 1..many LOOP
        SELECT a.outcome, a.posting_id, a.code, a.detail INTO outcome, posting_id, code, detail
        FROM ledger_post(jsonb_build_array(postings->(n - 1))) a;
        ord := n;
        RETURN NEXT;
    END LOOP;
END $$;

-- The id of an account, opened on first use.
CREATE OR REPLACE FUNCTION ledger_open(owner bigint, account_kind text, account_unit text, is_guarded boolean)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    opened bigint;
BEGIN
    LOOP  -- a second turn finds what another transaction opened while we waited
        -- Two questions, because no index answers IS NOT DISTINCT FROM.
        IF owner IS NULL THEN
            SELECT id INTO opened FROM ledger_account
            WHERE owner_id IS NULL AND kind = account_kind AND unit = account_unit;
        ELSE
            SELECT id INTO opened FROM ledger_account
            WHERE owner_id = owner AND kind = account_kind AND unit = account_unit;
        END IF;
        IF FOUND THEN RETURN opened; END IF;
        INSERT INTO ledger_account (owner_id, kind, unit, guarded)
        VALUES (owner, account_kind, account_unit, is_guarded)
        ON CONFLICT (owner_id, kind, unit) DO NOTHING RETURNING id INTO opened;
        IF FOUND THEN RETURN opened; END IF;
    END LOOP;
END $$;
