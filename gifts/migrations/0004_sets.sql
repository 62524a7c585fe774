-- Send gifts: the guards, the debit, the posting, the gift row and the live event of each in one statement.
-- Only the senders' own accounts are locked; the creators' and the site's accounts are appended to.

DROP FUNCTION gifts_send(uuid, bigint, uuid, text, int, text, uuid, boolean, boolean, timestamptz);

-- What is known of one send before it is written, and why it is refused.
CREATE TYPE gifts_case AS (
    ord int, request uuid, fan bigint, stream bigint, gift bigint, quantity int, message text, combo uuid,
    anonymous boolean, sent_at timestamptz,
    earlier bigint, code text, detail jsonb,
    creator bigint, price bigint, card bigint, face jsonb, name text, handle text,
    coins bigint, bonus bigint, diamonds bigint, balance bigint,
    coins_account bigint, bonus_account bigint, held_account bigint,
    currency text, paid_minor bigint, tax_minor bigint, undo_seconds int, hold_days int
);

-- Look at each send as if those before it in the set had been written. `purses` are the fans' locked accounts.
CREATE FUNCTION gifts_look(sends jsonb, purses ledger_account[]) RETURNS SETOF gifts_case
LANGUAGE plpgsql STABLE
-- The planner may not scan: it would guess from tables that were small when a connection came.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    house record;
BEGIN
    SELECT coalesce(p.max_quantity, 99) AS max_quantity, coalesce(p.confirm_from_coins, 500) AS confirm_from,
           coalesce(p.undo_small_seconds, 5) AS undo_small, coalesce(p.undo_large_seconds, 10) AS undo_large,
           coalesce(p.combo_max_coins, 99) AS combo_max,
           coalesce(p.hold_days_new, 14) AS hold_new, coalesce(p.hold_days_trusted, 7) AS hold_trusted,
           coalesce(p.hold_days_flagged, 30) AS hold_flagged,
           coalesce(s.new_fan_days, 7) AS new_days, coalesce(s.new_fan_gift_usd, 20) AS new_usd
    INTO house FROM (VALUES (1)) always(id)
    LEFT JOIN gifts_giftpolicy p ON p.id = always.id LEFT JOIN wallet_spendingpolicy s ON s.id = always.id;

    RETURN QUERY
    WITH asked AS (
        SELECT x.n::int AS ord, x.request, x.fan, x.room, x.slug, x.quantity, x.message, x.combo, x.anonymous,
               x.confirmed, coalesce(x.happened_at, clock_timestamp()) AS sent_at
        FROM ROWS FROM (jsonb_to_recordset(sends) AS (
            key uuid, fan bigint, stream uuid, gift text, quantity int, message text, combo uuid,
            anonymous boolean, confirmed boolean, "at" timestamptz)) WITH ORDINALITY
            AS x(request, fan, room, slug, quantity, message, combo, anonymous, confirmed, happened_at, n)
    ), known AS (
        SELECT a.*,
            u.handle, coalesce(nullif(u.display_name, ''), u.handle) AS name, u.date_joined, y.minimum_age,
            extract(year FROM age((a.sent_at AT TIME ZONE 'UTC')::date, u.date_of_birth)) AS age,
            s.id AS stream, s.creator_id AS creator, s.state, c.trust, c.accepts_gifts,
            EXISTS (SELECT 1 FROM live_block b WHERE b.creator_id = s.creator_id AND b.user_id = a.fan) AS blocked,
            g.id AS gift, g.name AS gift_name, g.combo AS combines, g.retired_at,
            p.id AS price, p.coins AS each, p.coins::bigint * a.quantity AS total,
            jsonb_build_object('gift', g.slug, 'name', g.name, 'alt', g.alt, 'kind', g.kind, 'art', g.art,
                               'duration_ms', g.duration_ms) AS face,
            r.id AS card, r.diamonds_per_coin,
            house.new_usd::bigint * 1000000 / r.coin_value_micro_usd AS most_when_new,
            purse.id AS coins_account, coalesce(purse.balance, 0) AS coins,
            extra.id AS bonus_account, coalesce(extra.balance, 0) AS bonus, held.id AS held_account,
            e.id AS earlier,
            (e.fan_id, e.stream_id, e.gift_id, e.quantity, e.message, e.combo, e.anonymous) IS NOT DISTINCT FROM
                (a.fan, s.id, g.id, a.quantity, a.message, a.combo, a.anonymous) AS same
        FROM asked a
        LEFT JOIN gifts_sentgift e ON e.public_id = a.request
        LEFT JOIN accounts_user u ON u.id = a.fan AND u.is_active
        LEFT JOIN accounts_country y ON y.code = u.country_id
        LEFT JOIN live_stream s ON s.public_id = a.room
        LEFT JOIN accounts_creator c ON c.user_id = s.creator_id
        LEFT JOIN gifts_gift g ON g.slug = a.slug
        LEFT JOIN LATERAL (
            SELECT v.id, v.coins FROM gifts_giftprice v
            WHERE v.gift_id = g.id AND v.valid_from <= a.sent_at ORDER BY v.valid_from DESC LIMIT 1) p ON true
        LEFT JOIN LATERAL (
            SELECT w.id, w.diamonds_per_coin, w.coin_value_micro_usd FROM wallet_ratecard w
            WHERE w.valid_from <= a.sent_at ORDER BY w.valid_from DESC LIMIT 1) r ON true
        LEFT JOIN unnest(purses) purse ON purse.owner_id = a.fan AND purse.kind = 'coins'
        LEFT JOIN unnest(purses) extra ON extra.owner_id = a.fan AND extra.kind = 'bonus_coins'
        LEFT JOIN ledger_account held
            ON held.owner_id = s.creator_id AND held.kind = 'diamonds_held' AND held.unit = 'DIAMOND'
    ), counted AS (
        -- `before`: what the fan's earlier sends of this set take.
        SELECT k.*, coalesce(sum(k.total) OVER (PARTITION BY k.fan ORDER BY k.ord)::bigint - k.total, 0) AS before
        FROM known k
    ), paying AS (
        -- Bonus coins go first.
        SELECT n.*, least(n.total, greatest(0, n.bonus - n.before)) AS from_bonus,
               n.coins + n.bonus - n.before AS balance
        FROM counted n
    )
    SELECT k.ord, k.request, k.fan, k.stream, k.gift, k.quantity, k.message, k.combo, k.anonymous, k.sent_at,
        k.earlier, verdict.code,
        CASE verdict.code
            WHEN 'bad_quantity' THEN jsonb_build_object('most', CASE
                WHEN k.quantity BETWEEN 1 AND house.max_quantity THEN 1 ELSE house.max_quantity END)
            WHEN 'too_young' THEN jsonb_build_object('age', k.minimum_age)
            WHEN 'gift_retired' THEN jsonb_build_object('gift', k.gift_name)
            WHEN 'confirm_first' THEN jsonb_build_object('gift', k.gift_name, 'coins', k.total)
            WHEN 'over_limit_new_fan' THEN jsonb_build_object('most', k.most_when_new, 'days', house.new_days)
            WHEN 'over_own_limit' THEN jsonb_build_object('span', own.span, 'limit', own.most, 'used', own.used)
            WHEN 'insufficient_coins' THEN jsonb_build_object(
                'missing', k.total - k.balance, 'balance', k.balance, 'needed', k.total)
        END,
        k.creator, k.price, k.card, k.face, k.name::text, k.handle::text,
        k.total, k.from_bonus, k.total * k.diamonds_per_coin, k.balance,
        k.coins_account, k.bonus_account, k.held_account,
        coalesce(paid.currency, 'USD')::text,
        -- Half up, in whole units: the sums are numeric, whose own division leaves a fraction to be rounded again.
        coalesce(div(2 * (k.total - k.from_bonus) * paid.price + paid.coins, 2 * paid.coins), 0)::bigint,
        coalesce(div(2 * (k.total - k.from_bonus) * paid.tax + paid.coins, 2 * paid.coins), 0)::bigint,
        CASE WHEN k.total >= 500 THEN house.undo_large ELSE house.undo_small END::int,
        CASE k.trust WHEN 'trusted' THEN house.hold_trusted
                     WHEN 'flagged' THEN house.hold_flagged ELSE house.hold_new END::int
    FROM paying k
    -- The fan's own limits: the first that this send would pass.
    LEFT JOIN LATERAL (
        SELECT l.span, l.most, l.used FROM (
            SELECT i.span, CASE WHEN i.next_at <= k.sent_at THEN i.next_coins ELSE i.coins END AS most,
                CASE i.span WHEN 'gift' THEN 0 ELSE k.before + (
                    SELECT coalesce(sum(z.coins), 0) FROM gifts_sentgift z
                    WHERE z.fan_id = k.fan AND z.undone_at IS NULL AND z.created_at >= k.sent_at - CASE i.span
                        WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days'
                        ELSE interval '30 days' END) END AS used
            FROM accounts_spendinglimit i WHERE i.user_id = k.fan
        ) l WHERE l.used + k.total > l.most LIMIT 1
    ) own ON true
    -- What the coins cost this fan: the average over what they bought in the currency they last paid in.
    LEFT JOIN LATERAL (
        SELECT b.currency, sum(b.total_minor) AS price, sum(b.tax_minor) AS tax, sum(b.coins) AS coins
        FROM wallet_purchase b
        WHERE b.user_id = k.fan AND b.state = 'paid' AND b.currency = (
            SELECT q.currency FROM wallet_purchase q WHERE q.user_id = k.fan AND q.state = 'paid'
            ORDER BY q.id DESC LIMIT 1)
        GROUP BY b.currency
    ) paid ON true
    CROSS JOIN LATERAL (
        SELECT CASE
            -- A repeated key is the same request only with the same input.
            WHEN k.earlier IS NOT NULL THEN CASE WHEN NOT k.same THEN 'key_reused' END
            WHEN k.quantity IS NULL OR k.quantity NOT BETWEEN 1 AND house.max_quantity THEN 'bad_quantity'
            WHEN k.handle IS NULL THEN 'account_closed'
            WHEN k.age < k.minimum_age THEN 'too_young'
            WHEN k.stream IS NULL OR k.state = 'ended' THEN 'stream_ended'
            WHEN k.state = 'soon' THEN 'not_on_air_yet'
            WHEN k.creator = k.fan THEN 'gift_to_self'
            WHEN k.blocked THEN 'blocked'
            WHEN k.accepts_gifts IS NOT TRUE THEN 'gifts_off'
            WHEN k.price IS NULL THEN 'unknown_gift'
            WHEN k.retired_at <= k.sent_at THEN 'gift_retired'
            WHEN k.quantity > 1 AND NOT (k.combines AND k.each <= house.combo_max) THEN 'bad_quantity'
            WHEN k.total >= house.confirm_from AND k.confirmed IS NOT TRUE THEN 'confirm_first'
            WHEN k.card IS NULL THEN 'no_rate_card'
            WHEN k.date_joined > k.sent_at - make_interval(days => house.new_days) AND k.total > k.most_when_new
                THEN 'over_limit_new_fan'
            WHEN own.span IS NOT NULL THEN 'over_own_limit'
            WHEN k.balance < k.total THEN 'insufficient_coins'
        END AS code
    ) verdict;
END $$;

-- gifts_send(sends) takes a JSON array; each element is one send:
--   {"key": the idempotency key, made by the sender's device, "fan": user id, "stream": its public id,
--    "gift": slug, "quantity", "message", "combo": presses of one combo share it, or null,
--    "anonymous": send without a name, "confirmed": the sender said yes to a large amount,
--    "at": for history brought in from elsewhere, or null}
-- and answers one object per element, in order:
--   {"outcome": "done" | "already" | "refused", "code", "detail": {...},
--    "gift": {...} (the sent gift), "event": {"id", "kind", "payload"}, "balance": coins left}.
-- Each is answered for itself, as if they had come one after the other.
CREATE FUNCTION gifts_send(sends jsonb) RETURNS TABLE (ord int, answer jsonb)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    purses ledger_account[];
    cases gifts_case[];
    good gifts_case[] := '{}';
    one gifts_case;
    apart bigint[];
    spent bigint;
    issued bigint;
    ids bigint[];
    failed text;
BEGIN
    -- Lock first, then look: of two presses with one key, the second sees what the first wrote.
    SELECT array_agg(locked.a) INTO purses FROM (
        SELECT a FROM ledger_account a
        WHERE a.owner_id = ANY (ARRAY(SELECT (x->>'fan')::bigint FROM jsonb_array_elements(sends) x))
          AND a.unit = 'COIN' AND a.guarded
        ORDER BY a.id FOR NO KEY UPDATE
    ) locked;
    cases := ARRAY(SELECT c FROM gifts_look(sends, purses) c ORDER BY c.ord);

    -- Where one of a fan's several sends is not plainly fine, each of them is tried by itself, in order.
    IF cardinality(cases) > 1 THEN
        apart := ARRAY(SELECT c.fan FROM unnest(cases) c GROUP BY c.fan
                       HAVING count(*) > 1 AND bool_or(c.code IS NOT NULL OR c.earlier IS NOT NULL));
    END IF;
    FOREACH one IN ARRAY cases LOOP
        ord := one.ord;
        IF one.fan = ANY (apart) THEN
            SELECT s.answer INTO answer FROM gifts_send(jsonb_build_array(sends->(one.ord - 1))) s;
        ELSIF one.code IS NOT NULL THEN
            answer := jsonb_build_object('outcome', 'refused', 'code', one.code, 'detail', one.detail);
        ELSIF one.earlier IS NOT NULL THEN
            SELECT jsonb_build_object('outcome', 'already', 'gift', to_jsonb(g), 'balance', one.balance)
            INTO answer FROM gifts_sentgift g WHERE g.id = one.earlier;
        ELSE
            good := good || one;
            CONTINUE;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF cardinality(good) = 0 THEN
        RETURN;
    END IF;

    spent := ledger_open(NULL, 'coins_spent', 'COIN', false);
    issued := ledger_open(NULL, 'diamonds_issued', 'DIAMOND', false);
    -- A creator's first gift opens their account; in one order, so that two sets never wait for each other.
    PERFORM ledger_open(c.creator, 'diamonds_held', 'DIAMOND', false)
    FROM unnest(good) c WHERE c.held_account IS NULL ORDER BY c.creator;

    SELECT w.ids, w.code INTO ids, failed FROM ledger_write(
        ARRAY(SELECT 'gift:' || c.request FROM unnest(good) c),
        array_fill('gift'::text, ARRAY[cardinality(good)]),
        ARRAY(SELECT sha256(convert_to(concat_ws(' ', c.fan, c.stream, c.gift, c.quantity, c.combo, c.anonymous,
                                                 c.message), 'UTF8')) FROM unnest(good) c),
        ARRAY(
            SELECT ROW(c.ordinality, l.unit, l.from_id, l.to_id, l.amount)::ledger_leg
            FROM unnest(good) WITH ORDINALITY c
            CROSS JOIN LATERAL (VALUES
                ('COIN', c.bonus_account, spent, c.bonus),
                ('COIN', c.coins_account, spent, c.coins - c.bonus),
                ('DIAMOND', issued, coalesce(
                    c.held_account, ledger_open(c.creator, 'diamonds_held', 'DIAMOND', false)), c.diamonds)
            ) l(unit, from_id, to_id, amount)
            WHERE l.amount > 0)
    ) w;
    IF failed IS NOT NULL THEN
        -- Another fan's press took a key while we waited, or two of the set have one key.
        FOREACH one IN ARRAY good LOOP
            ord := one.ord;
            IF cardinality(good) > 1 THEN
                SELECT s.answer INTO answer FROM gifts_send(jsonb_build_array(sends->(one.ord - 1))) s;
            ELSE
                answer := jsonb_build_object('outcome', 'refused', 'code',
                    CASE failed WHEN 'key_claimed' THEN 'key_reused' ELSE failed END);
            END IF;
            RETURN NEXT;
        END LOOP;
        RETURN;
    END IF;

    RETURN QUERY
    WITH sent AS (
        INSERT INTO gifts_sentgift (
            public_id, fan_id, creator_id, stream_id, gift_id, price_id, rate_card_id, posting_id, quantity, coins,
            bonus_coins, diamonds, fan_currency, fan_price_minor, fan_tax_minor, message, combo, anonymous,
            created_at, undo_until, release_at)
        SELECT c.request, c.fan, c.creator, c.stream, c.gift, c.price, c.card, ids[c.ordinality], c.quantity,
            c.coins, c.bonus, c.diamonds, c.currency, c.paid_minor, c.tax_minor, c.message, c.combo, c.anonymous,
            c.sent_at, c.sent_at + make_interval(secs => c.undo_seconds),
            c.sent_at + make_interval(days => c.hold_days)
        FROM unnest(good) WITH ORDINALITY c
        RETURNING *
    ), told AS (
        INSERT INTO live_event (stream_id, kind, payload, created_at)
        SELECT c.stream, 'gift', c.face || jsonb_build_object(
            'id', c.request, 'coins', c.coins, 'quantity', c.quantity, 'message', c.message, 'combo', c.combo,
            'from', CASE WHEN NOT c.anonymous THEN c.name END,
            'handle', CASE WHEN NOT c.anonymous THEN c.handle END, 'at', c.sent_at), c.sent_at
        FROM unnest(good) c
        RETURNING id, payload
    )
    SELECT c.ord, jsonb_build_object('outcome', 'done', 'gift', to_jsonb(sent), 'balance', c.balance - c.coins,
        'event', jsonb_build_object('id', told.id, 'kind', 'gift', 'payload', told.payload))
    FROM unnest(good) c
    JOIN sent ON sent.public_id = c.request
    JOIN told ON (told.payload->>'id')::uuid = c.request;
END $$;
