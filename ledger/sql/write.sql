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
    taken_back text[];
    wrong boolean;
    against_rules boolean;
    least_left bigint;
    claims text[] := keys;
    claimants bigint[] := ids;
    marks bytea[] := digests;
    claimed int;
BEGIN
    -- Which kind of posting each one takes back, where one does.
    IF originals IS NOT NULL THEN
        SELECT array_agg(o.kind::text ORDER BY x.n) INTO taken_back
        FROM unnest(originals) WITH ORDINALITY x(id, n) LEFT JOIN ledger_posting o ON o.id = x.id;
    END IF;

    -- What each guarded account gains or loses, and the least that could be left on one: with all that the batch
    -- takes and nothing that it brings. Each leg is held against the rules, and its people against those of the other
    -- legs of its posting.
    SELECT array_agg(x.account) FILTER (WHERE x.guarded), array_agg(x.delta) FILTER (WHERE x.guarded),
           bool_or(x.wrong), bool_or(x.against_rules), min(x.least_left) FILTER (WHERE x.guarded)
    INTO accounts, deltas, wrong, against_rules, least_left
    FROM (
        SELECT s.account, s.guarded, sum(s.amount)::bigint AS delta,
               s.balance + sum(least(s.amount, 0))::bigint AS least_left,
               bool_or(s.wrong) AS wrong, bool_or(s.rule IS NULL OR s.owner <> s.one_owner) AS against_rules
        FROM (
            SELECT e.account, e.guarded, e.balance, e.amount, e.owner, r.id AS rule,
                   min(e.owner) OVER (PARTITION BY l.ord, e.party) AS one_owner,
                   (l.amount > 0 AND f.id <> g.id AND l.unit = f.unit AND l.unit = g.unit) IS NOT TRUE AS wrong
            FROM unnest(legs) l
            LEFT JOIN ledger_account f ON f.id = l.from_id
            LEFT JOIN ledger_account g ON g.id = l.to_id
            LEFT JOIN ledger_rule r ON r.kind = kinds[l.ord] AND r.reverses = coalesce(taken_back[l.ord], '')
                AND r.from_kind = ledger_family(f.kind) AND r.to_kind = ledger_family(g.kind)
                AND (r.unit = l.unit OR r.unit = '' AND l.unit NOT IN ('COIN', 'DIAMOND'))
                AND (r.from_party = '') = (f.owner_id IS NULL) AND (r.to_party = '') = (g.owner_id IS NULL)
                AND r.from_guarded = f.guarded AND r.to_guarded = g.guarded
            CROSS JOIN LATERAL (VALUES
                (f.id, f.guarded, f.balance, -l.amount, f.owner_id, r.from_party),
                (g.id, g.guarded, g.balance, l.amount, g.owner_id, r.to_party)
            ) e(account, guarded, balance, amount, owner, party)
        ) s
        GROUP BY s.account, s.guarded, s.balance
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

    -- A rule allows each transfer, between accounts of the people that the posting is about.
    IF against_rules THEN
        code := 'no_rule';
        detail := jsonb_build_object('kinds', (SELECT jsonb_agg(DISTINCT kinds[l.ord]) FROM unnest(legs) l));
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
