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

DROP FUNCTION ledger_post(jsonb);
CREATE FUNCTION ledger_post(postings jsonb)
RETURNS TABLE (ord int, outcome text, posting_id bigint, code text, detail jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    many int := jsonb_array_length(postings);
    booked_at timestamptz := clock_timestamp();
    legs ledger_leg[];
    digests bytea[];
    codes text[];
    earlier bigint[];
    originals bigint[];
    ids bigint[];
    keys text[];
    claims int;
    short record;
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

    -- What is wrong with each, looked at under the locks.
    SELECT array_agg(v.digest ORDER BY v.n), array_agg(v.code ORDER BY v.n),
           array_agg(v.earlier ORDER BY v.n), array_agg(v.original ORDER BY v.n)
    INTO digests, codes, earlier, originals
    FROM (
        SELECT p.n, p.digest, k.posting_id AS earlier, o.posting_id AS original, CASE
            WHEN k.input_hash = p.digest THEN 'already'
            WHEN k.key IS NOT NULL THEN 'key_reused'
            WHEN p.reverses IS NOT NULL AND o.key IS NULL THEN 'nothing_to_reverse'
            WHEN p.reverses IS NOT NULL AND EXISTS (
                SELECT 1 FROM ledger_posting r WHERE r.id = o.posting_id AND r.reverses_id IS NOT NULL)
                THEN 'reversal_is_final'
            WHEN p.reverses IS NOT NULL AND EXISTS (
                SELECT 1 FROM ledger_key r WHERE r.key = 'reverses:' || p.reverses) THEN 'already_reversed'
            WHEN p.n <> ALL (ARRAY(SELECT l.ord FROM unnest(legs) l)) THEN 'bad_transfer'
            END AS code
        FROM (
            SELECT x.n::int AS n, x.body->>'key' AS key, x.body->>'reverses' AS reverses,
                   sha256(convert_to(jsonb_build_array(
                       x.body->'kind', coalesce(x.body->'input', x.body->'transfers', '[]'), x.body->'reverses'
                   )::text, 'UTF8')) AS digest
            FROM jsonb_array_elements(postings) WITH ORDINALITY x(body, n)
        ) p
        LEFT JOIN ledger_key k ON k.key = p.key
        LEFT JOIN ledger_key o ON o.key = p.reverses
    ) v;
    IF num_nonnulls(VARIADIC codes) = 0 THEN
        -- Both accounts exist and have the transfer's unit; the amount is positive.
        SELECT 'bad_transfer', jsonb_build_object('unit', l.unit, 'from', l.from_id, 'to', l.to_id, 'amount', l.amount)
        INTO code, detail
        FROM unnest(legs) l
        LEFT JOIN ledger_account f ON f.id = l.from_id
        LEFT JOIN ledger_account g ON g.id = l.to_id
        WHERE f.unit IS DISTINCT FROM l.unit OR g.unit IS DISTINCT FROM l.unit
           OR f.id = g.id OR coalesce(l.amount, 0) <= 0
        LIMIT 1;
        IF NOT FOUND THEN
            -- No guarded account may end below zero, after any posting of the set.
            SELECT a.id, a.kind, a.unit, a.balance, sum(least(d.delta, 0))::bigint AS taken INTO short
            FROM (SELECT s.ord, s.account, sum(s.amount)::bigint AS delta FROM (
                      SELECT l.ord, l.from_id AS account, -l.amount AS amount FROM unnest(legs) l
                      UNION ALL SELECT l.ord, l.to_id, l.amount FROM unnest(legs) l
                  ) s GROUP BY s.ord, s.account) d
            JOIN ledger_account a ON a.id = d.account AND a.guarded
            GROUP BY a.id HAVING a.balance + sum(least(d.delta, 0)) < 0
            ORDER BY a.id LIMIT 1;
            IF FOUND THEN
                code := 'insufficient';
                detail := jsonb_build_object('account', short.id, 'kind', short.kind, 'unit', short.unit,
                                             'balance', short.balance, 'missing', -(short.balance + short.taken));
            END IF;
        END IF;
    ELSIF many = 1 THEN
        code := codes[1];
    ELSE
        code := 'look_at_each';
    END IF;

    IF code IS NULL THEN
        ids := ARRAY(SELECT nextval('ledger_posting_id_seq') FROM generate_series(1, many));
        -- The key is claimed once for all time, and so is the reversal of a posting. In one order everywhere.
        SELECT array_agg(c.key) INTO keys FROM (
            SELECT x.body->>'key' AS key FROM jsonb_array_elements(postings) x(body)
            UNION ALL
            SELECT 'reverses:' || (x.body->>'reverses') FROM jsonb_array_elements(postings) x(body)
            WHERE x.body->>'reverses' IS NOT NULL
        ) c;
        INSERT INTO ledger_key (key, posting_id, input_hash, created_at)
        SELECT c.key, ids[c.n], digests[c.n], booked_at FROM (
            SELECT x.n, x.body->>'key' AS key FROM jsonb_array_elements(postings) WITH ORDINALITY x(body, n)
            UNION ALL
            SELECT x.n, 'reverses:' || (x.body->>'reverses')
            FROM jsonb_array_elements(postings) WITH ORDINALITY x(body, n)
            WHERE x.body->>'reverses' IS NOT NULL
        ) c ORDER BY c.key
        ON CONFLICT (key) DO NOTHING;
        GET DIAGNOSTICS claims = ROW_COUNT;
        IF claims < cardinality(keys) THEN
            -- Another transaction claimed one while we waited, or two of the set are the same: now each sees it.
            DELETE FROM ledger_key k WHERE k.key = ANY (keys) AND k.posting_id = ANY (ids);
            code := 'look_at_each';
        END IF;
    END IF;

    IF code IS NOT NULL THEN
        IF code = 'look_at_each' OR many > 1 THEN
            FOR n IN 1..many LOOP
                SELECT a.outcome, a.posting_id, a.code, a.detail INTO outcome, posting_id, code, detail
                FROM ledger_post(jsonb_build_array(postings->(n - 1))) a;
                ord := n;
                RETURN NEXT;
            END LOOP;
            RETURN;
        END IF;
        ord := 1;
        outcome := CASE code WHEN 'already' THEN 'already' ELSE 'refused' END;
        posting_id := earlier[1];
        code := nullif(code, 'already');
        detail := coalesce(detail, '{}');
        RETURN NEXT;
        RETURN;
    END IF;

    INSERT INTO ledger_posting (id, key, kind, reverses_id, created_at)
    SELECT ids[x.n], x.body->>'key', x.body->>'kind', originals[x.n], booked_at
    FROM jsonb_array_elements(postings) WITH ORDINALITY x(body, n);

    INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount, created_at)
    SELECT ids[l.ord], l.unit, l.from_id, l.to_id, l.amount, booked_at FROM unnest(legs) l;

    UPDATE ledger_account a SET balance = a.balance + d.delta
    FROM (SELECT s.account, sum(s.amount)::bigint AS delta FROM (
              SELECT l.from_id AS account, -l.amount AS amount FROM unnest(legs) l
              UNION ALL SELECT l.to_id, l.amount FROM unnest(legs) l
          ) s GROUP BY s.account) d
    WHERE a.id = d.account AND a.guarded;

    RETURN QUERY SELECT n, 'done', ids[n], NULL::text, '{}'::jsonb FROM generate_series(1, many) n;
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
