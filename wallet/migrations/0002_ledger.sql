-- The one writer of the ledger.
--
-- ledger_post(postings) takes a JSON array; each element is one business event:
--   {"key": text, "kind": text, "transfers": [{"unit", "from", "to", "amount"}, ...],
--    "reverses": key of an earlier posting (then its exact mirror is written and "transfers" is left out),
--    "input": any JSON that the caller's request consisted of, where the transfers are derived from it}
-- and answers one row per element, in order: done, already (same key and input as before) or refused and why.
-- A refused element refuses only itself.

ALTER TABLE ledger_transfer ALTER COLUMN xid SET DEFAULT pg_current_xact_id();
ALTER TABLE ledger_posting ALTER COLUMN created_at SET DEFAULT clock_timestamp();
-- Balances change in place: free room in each page lets PostgreSQL do so without touching the indexes.
ALTER TABLE ledger_account SET (fillfactor = 70);

INSERT INTO ledger_horizon (id, xid, folded_at) VALUES (1, '0'::xid8, now());

CREATE FUNCTION ledger_post(postings jsonb)
RETURNS TABLE (ord int, outcome text, posting_id bigint, code text, detail jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    item jsonb;
    moves jsonb;
    digest bytea;
    earlier ledger_posting%ROWTYPE;
    original ledger_posting%ROWTYPE;
    short record;
    wrong jsonb;
BEGIN
    -- Every guarded account of the whole set is locked first, in id order: two sets can never wait for each other.
    PERFORM 1 FROM ledger_account a
    WHERE a.guarded AND a.id IN (
        SELECT unnest(ARRAY[(t->>'from')::bigint, (t->>'to')::bigint])
        FROM jsonb_array_elements(postings) p, jsonb_array_elements(coalesce(p->'transfers', '[]')) t
        UNION ALL
        SELECT unnest(ARRAY[t.from_account_id, t.to_account_id])
        FROM jsonb_array_elements(postings) p
        JOIN ledger_posting o ON o.key = p->>'reverses'
        JOIN ledger_transfer t ON t.posting_id = o.id
    )
    ORDER BY a.id FOR NO KEY UPDATE;

    FOR ord, item IN SELECT n::int, p FROM jsonb_array_elements(postings) WITH ORDINALITY AS x(p, n) LOOP
        outcome := 'refused'; posting_id := NULL; code := NULL; detail := '{}';
        moves := coalesce(item->'transfers', '[]');
        digest := sha256(convert_to(
            jsonb_build_array(item->'kind', coalesce(item->'input', moves), item->'reverses')::text, 'UTF8'));

        SELECT * INTO earlier FROM ledger_posting WHERE key = item->>'key';
        IF FOUND THEN
            posting_id := earlier.id;
            IF earlier.input_hash = digest THEN outcome := 'already'; ELSE code := 'key_reused'; END IF;
            RETURN NEXT; CONTINUE;
        END IF;

        original := NULL;
        IF item ? 'reverses' AND item->>'reverses' IS NOT NULL THEN
            SELECT * INTO original FROM ledger_posting WHERE key = item->>'reverses' FOR NO KEY UPDATE;
            IF NOT FOUND THEN
                code := 'nothing_to_reverse'; RETURN NEXT; CONTINUE;
            ELSIF original.reverses_id IS NOT NULL THEN
                code := 'reversal_is_final'; RETURN NEXT; CONTINUE;
            ELSIF EXISTS (SELECT 1 FROM ledger_posting WHERE reverses_id = original.id) THEN
                code := 'already_reversed'; RETURN NEXT; CONTINUE;
            END IF;
            SELECT jsonb_agg(jsonb_build_object('unit', t.unit, 'from', t.to_account_id,
                                                'to', t.from_account_id, 'amount', t.amount) ORDER BY t.id)
            INTO moves FROM ledger_transfer t WHERE t.posting_id = original.id;
        END IF;

        -- Both accounts exist and have the transfer's unit; the amount is positive.
        SELECT t INTO wrong
        FROM jsonb_array_elements(moves) t
        LEFT JOIN ledger_account f ON f.id = (t->>'from')::bigint
        LEFT JOIN ledger_account g ON g.id = (t->>'to')::bigint
        WHERE f.unit IS DISTINCT FROM t->>'unit' OR g.unit IS DISTINCT FROM t->>'unit'
           OR f.id = g.id OR coalesce((t->>'amount')::bigint, 0) <= 0
        LIMIT 1;
        IF FOUND OR jsonb_array_length(moves) = 0 THEN
            code := 'bad_transfer'; detail := coalesce(wrong, '{}'); RETURN NEXT; CONTINUE;
        END IF;

        -- No guarded account may end below zero.
        SELECT a.id, a.kind, a.unit, a.balance, d.delta INTO short
        FROM (SELECT account, sum(amount)::bigint AS delta FROM (
                  SELECT (t->>'from')::bigint AS account, -(t->>'amount')::bigint AS amount
                  FROM jsonb_array_elements(moves) t
                  UNION ALL
                  SELECT (t->>'to')::bigint, (t->>'amount')::bigint FROM jsonb_array_elements(moves) t
              ) s GROUP BY account) d
        JOIN ledger_account a ON a.id = d.account
        WHERE a.guarded AND a.balance + d.delta < 0
        ORDER BY a.id LIMIT 1;
        IF FOUND THEN
            code := 'insufficient';
            detail := jsonb_build_object('account', short.id, 'kind', short.kind, 'unit', short.unit,
                                         'balance', short.balance, 'missing', -(short.balance + short.delta));
            RETURN NEXT; CONTINUE;
        END IF;

        INSERT INTO ledger_posting (key, kind, input_hash, reverses_id)
        VALUES (item->>'key', item->>'kind', digest, original.id)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO posting_id;
        IF posting_id IS NULL THEN  -- another transaction wrote this key while we waited: answer as it did
            SELECT * INTO earlier FROM ledger_posting WHERE key = item->>'key';
            posting_id := earlier.id;
            IF earlier.input_hash = digest THEN outcome := 'already'; ELSE code := 'key_reused'; END IF;
            RETURN NEXT; CONTINUE;
        END IF;

        UPDATE ledger_account a SET balance = a.balance + d.delta
        FROM (SELECT account, sum(amount)::bigint AS delta FROM (
                  SELECT (t->>'from')::bigint AS account, -(t->>'amount')::bigint AS amount
                  FROM jsonb_array_elements(moves) t
                  UNION ALL
                  SELECT (t->>'to')::bigint, (t->>'amount')::bigint FROM jsonb_array_elements(moves) t
              ) s GROUP BY account) d
        WHERE a.id = d.account AND a.guarded;

        INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount)
        SELECT ledger_post.posting_id, t->>'unit', (t->>'from')::bigint, (t->>'to')::bigint, (t->>'amount')::bigint
        FROM jsonb_array_elements(moves) t;

        outcome := 'done';
        RETURN NEXT;
    END LOOP;
END $$;

-- The balance of an account on the credit side: its own column when guarded, else the fold and what came since.
CREATE FUNCTION ledger_balance(account bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.guarded THEN a.balance ELSE
        coalesce((SELECT f.credits - f.debits FROM ledger_fold f WHERE f.account_id = a.id), 0)
        + coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.to_account_id = a.id AND t.xid >= h.xid), 0)
        - coalesce((SELECT sum(t.amount)::bigint FROM ledger_transfer t
                    WHERE t.from_account_id = a.id AND t.xid >= h.xid), 0)
        END
    FROM ledger_account a, ledger_horizon h WHERE a.id = account
$$;

-- Move the horizon to the oldest transaction that may still write, and add what lies before it to the folds.
-- By transaction id, never by row id or time: ids are drawn before commit, and a horizon by id loses money.
CREATE FUNCTION ledger_fold() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before xid8;
    upto xid8;
    folded bigint;
BEGIN
    SELECT xid INTO before FROM ledger_horizon WHERE id = 1 FOR UPDATE;
    upto := pg_snapshot_xmin(pg_current_snapshot());
    IF upto <= before THEN RETURN 0; END IF;
    WITH sums AS (
        SELECT account, sum(debit)::bigint AS debits, sum(credit)::bigint AS credits FROM (
            SELECT from_account_id AS account, amount AS debit, 0 AS credit
            FROM ledger_transfer WHERE xid >= before AND xid < upto
            UNION ALL
            SELECT to_account_id, 0, amount FROM ledger_transfer WHERE xid >= before AND xid < upto
        ) s GROUP BY account
    ), written AS (
        INSERT INTO ledger_fold AS f (account_id, debits, credits)
        SELECT s.account, s.debits, s.credits FROM sums s
        JOIN ledger_account a ON a.id = s.account AND NOT a.guarded
        ON CONFLICT (account_id) DO UPDATE
        SET debits = f.debits + excluded.debits, credits = f.credits + excluded.credits
        RETURNING 1
    )
    SELECT count(*) INTO folded FROM written;
    UPDATE ledger_horizon SET xid = upto, folded_at = clock_timestamp() WHERE id = 1;
    RETURN folded;
END $$;

-- History is append-only. A correction is a new posting.
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger''s history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- A fold reads only what came since the horizon. (BRIN has no operators for xid8; at the right edge a B-tree is cheap.)
CREATE INDEX transfer_xid ON ledger_transfer (xid);

-- The id of an account, opened on first use.
CREATE FUNCTION ledger_open(owner bigint, account_kind text, account_unit text, is_guarded boolean) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    opened bigint;
BEGIN
    LOOP  -- a second turn finds what another transaction opened while we waited
        SELECT id INTO opened FROM ledger_account
        WHERE owner_id IS NOT DISTINCT FROM owner AND kind = account_kind AND unit = account_unit;
        IF FOUND THEN RETURN opened; END IF;
        INSERT INTO ledger_account (owner_id, kind, unit, guarded)
        VALUES (owner, account_kind, account_unit, is_guarded)
        ON CONFLICT (owner_id, kind, unit) DO NOTHING RETURNING id INTO opened;
        IF FOUND THEN RETURN opened; END IF;
    END LOOP;
END $$;
