-- Write a batch of postings under ids that the caller drew, all or none: `code` says why none was written. `legs` name
-- their posting by its place in the batch. The caller holds the locks of the guarded accounts; a caller that forgets
-- meets the constraint.
--
-- The planner may not scan here: it would guess from tables that were small when a connection came, and the
-- connection stays while they grow.
CREATE OR REPLACE FUNCTION ledger_write(
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
    -- What each guarded account gains or loses, and the least that could be left on one: with all that the batch
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

    -- No posting takes a guarded account below zero. What a batch brings counts within one posting only.
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
        -- Another transaction claimed one while we waited, or two of the batch are the same.
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
