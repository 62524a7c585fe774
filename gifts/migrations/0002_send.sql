-- Send one gift: the guards, the debit, the posting, the gift row and the live event in one statement.
-- Only the fan's own accounts are locked; the creator's and the site's accounts are appended to.
--
-- Answers one JSON object: {"outcome": "done" | "already" | "refused", "code", "detail": {...},
-- "gift": {...} (the sent gift), "event": {"id", "kind", "payload"}, "balance": coins left}.

CREATE FUNCTION gifts_send(
    request uuid,           -- the idempotency key, made by the sender's device
    sender bigint,
    room uuid,              -- the stream's public id
    slug_wanted text,
    quantity int,
    message text,
    streak uuid,            -- presses of one combo share it
    hidden boolean,         -- send without a name
    confirmed boolean,      -- the sender confirmed an amount from the threshold on
    happened_at timestamptz DEFAULT NULL  -- for history brought in from elsewhere
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    now_at timestamptz := coalesce(happened_at, clock_timestamp());
    posting_key text := 'gift:' || request;
    input jsonb := jsonb_build_object('fan', sender, 'stream', room, 'gift', slug_wanted, 'quantity', quantity,
                                      'message', message, 'combo', streak, 'anonymous', hidden);
    fan record;
    stream record;
    gift record;
    policy record;
    spending record;
    card record;
    own record;
    paid record;
    purse record;
    sent gifts_sentgift%ROWTYPE;
    total bigint;
    bonus bigint;
    diamonds bigint;
    most bigint;
    used bigint;
    hold int;
    legs jsonb := '[]';
    answer record;
    event_id bigint;
    payload jsonb;
BEGIN
    -- Lock first, then look: of two presses with one key, the second sees what the first wrote.
    PERFORM 1 FROM ledger_account a
    WHERE a.owner_id = sender AND a.unit = 'COIN' AND a.guarded ORDER BY a.id FOR NO KEY UPDATE;

    IF EXISTS (SELECT 1 FROM ledger_posting WHERE key = posting_key) THEN
        SELECT * INTO answer FROM ledger_post(jsonb_build_array(
            jsonb_build_object('key', posting_key, 'kind', 'gift', 'input', input)));
        IF answer.outcome <> 'already' THEN
            RETURN jsonb_build_object('outcome', 'refused', 'code', answer.code, 'detail', answer.detail);
        END IF;
        SELECT * INTO sent FROM gifts_sentgift WHERE public_id = request;
        RETURN jsonb_build_object('outcome', 'already', 'gift', to_jsonb(sent), 'balance', (
            SELECT sum(a.balance) FROM ledger_account a
            WHERE a.owner_id = sender AND a.kind IN ('coins', 'bonus_coins') AND a.unit = 'COIN'));
    END IF;

    SELECT coalesce(p.max_quantity, 99) AS max_quantity, coalesce(p.confirm_from_coins, 500) AS confirm_from,
           coalesce(p.undo_small_seconds, 5) AS undo_small, coalesce(p.undo_large_seconds, 10) AS undo_large,
           coalesce(p.combo_max_coins, 99) AS combo_max,
           coalesce(p.hold_days_new, 14) AS hold_new, coalesce(p.hold_days_trusted, 7) AS hold_trusted,
           coalesce(p.hold_days_flagged, 30) AS hold_flagged
    INTO policy FROM (VALUES (1)) one(id) LEFT JOIN gifts_giftpolicy p ON p.id = one.id;

    IF quantity IS NULL OR quantity < 1 OR quantity > policy.max_quantity THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'bad_quantity',
                                  'detail', jsonb_build_object('most', policy.max_quantity));
    END IF;

    SELECT u.id, u.handle, u.display_name, u.date_joined INTO fan
    FROM accounts_user u WHERE u.id = sender AND u.is_active;
    IF NOT FOUND THEN RETURN '{"outcome": "refused", "code": "account_closed"}'; END IF;

    SELECT s.id, s.creator_id, s.state, c.trust, coalesce(c.accepts_gifts, false) AS accepts INTO stream
    FROM live_stream s LEFT JOIN accounts_creator c ON c.user_id = s.creator_id WHERE s.public_id = room;
    IF NOT FOUND OR stream.state = 'ended' THEN
        RETURN '{"outcome": "refused", "code": "stream_ended"}';
    ELSIF stream.state = 'soon' THEN
        RETURN '{"outcome": "refused", "code": "not_on_air_yet"}';
    ELSIF stream.creator_id = sender THEN
        RETURN '{"outcome": "refused", "code": "gift_to_self"}';
    ELSIF NOT stream.accepts THEN
        RETURN '{"outcome": "refused", "code": "gifts_off"}';
    END IF;

    SELECT g.id, g.slug, g.name, g.alt, g.kind, g.duration_ms, g.combo, g.art, g.retired_at,
           p.id AS price_id, p.coins INTO gift
    FROM gifts_gift g
    LEFT JOIN LATERAL (SELECT v.id, v.coins FROM gifts_giftprice v
                       WHERE v.gift_id = g.id AND v.valid_from <= now_at
                       ORDER BY v.valid_from DESC LIMIT 1) p ON true
    WHERE g.slug = slug_wanted;
    IF NOT FOUND OR gift.price_id IS NULL THEN
        RETURN '{"outcome": "refused", "code": "unknown_gift"}';
    ELSIF gift.retired_at <= now_at THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'gift_retired',
                                  'detail', jsonb_build_object('gift', gift.name));
    ELSIF quantity > 1 AND NOT (gift.combo AND gift.coins <= policy.combo_max) THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'bad_quantity', 'detail', '{"most": 1}'::jsonb);
    END IF;
    total := gift.coins::bigint * quantity;

    IF total >= policy.confirm_from AND NOT confirmed THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'confirm_first',
                                  'detail', jsonb_build_object('gift', gift.name, 'coins', total));
    END IF;

    SELECT r.id, r.coin_value_micro_usd, r.diamonds_per_coin, r.diamond_payout_micro_usd INTO card
    FROM wallet_ratecard r WHERE r.valid_from <= now_at ORDER BY r.valid_from DESC LIMIT 1;
    IF NOT FOUND THEN RETURN '{"outcome": "refused", "code": "no_rate_card"}'; END IF;

    -- The site's limit for new fans, then the fan's own limits.
    SELECT coalesce(p.new_fan_days, 7) AS days, coalesce(p.new_fan_gift_usd, 20) AS usd
    INTO spending FROM (VALUES (1)) one(id) LEFT JOIN wallet_spendingpolicy p ON p.id = one.id;
    most := spending.usd::bigint * 1000000 / card.coin_value_micro_usd;
    IF fan.date_joined > now_at - make_interval(days => spending.days) AND total > most THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'over_limit_new_fan',
                                  'detail', jsonb_build_object('most', most, 'days', spending.days));
    END IF;
    FOR own IN
        SELECT l.span, CASE WHEN l.next_at <= now_at THEN l.next_coins ELSE l.coins END AS coins
        FROM accounts_spendinglimit l WHERE l.user_id = sender
    LOOP
        CONTINUE WHEN own.coins IS NULL;
        used := 0;
        IF own.span <> 'gift' THEN
            SELECT coalesce(sum(g.coins), 0) INTO used FROM gifts_sentgift g
            WHERE g.fan_id = sender AND g.undone_at IS NULL AND g.created_at >= now_at - CASE own.span
                WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days' ELSE interval '30 days' END;
        END IF;
        IF used + total > own.coins THEN
            RETURN jsonb_build_object('outcome', 'refused', 'code', 'over_own_limit',
                'detail', jsonb_build_object('span', own.span, 'limit', own.coins, 'used', used));
        END IF;
    END LOOP;

    -- Bonus coins go first, read under the lock taken above.
    SELECT coalesce(max(a.id) FILTER (WHERE a.kind = 'coins'), 0) AS coins_id,
           coalesce(max(a.balance) FILTER (WHERE a.kind = 'coins'), 0) AS coins,
           coalesce(max(a.id) FILTER (WHERE a.kind = 'bonus_coins'), 0) AS bonus_id,
           coalesce(max(a.balance) FILTER (WHERE a.kind = 'bonus_coins'), 0) AS bonus
    INTO purse FROM ledger_account a WHERE a.owner_id = sender AND a.unit = 'COIN';
    IF purse.coins + purse.bonus < total THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'insufficient_coins', 'detail', jsonb_build_object(
            'missing', total - purse.coins - purse.bonus, 'balance', purse.coins + purse.bonus, 'needed', total));
    END IF;
    bonus := least(purse.bonus, total);
    diamonds := total * card.diamonds_per_coin;

    IF bonus > 0 THEN
        legs := legs || jsonb_build_object('unit', 'COIN', 'from', purse.bonus_id, 'amount', bonus,
                                           'to', ledger_open(NULL, 'coins_spent', 'COIN', false));
    END IF;
    IF total > bonus THEN
        legs := legs || jsonb_build_object('unit', 'COIN', 'from', purse.coins_id, 'amount', total - bonus,
                                           'to', ledger_open(NULL, 'coins_spent', 'COIN', false));
    END IF;
    legs := legs || jsonb_build_object('unit', 'DIAMOND', 'amount', diamonds,
        'from', ledger_open(NULL, 'diamonds_issued', 'DIAMOND', false),
        'to', ledger_open(stream.creator_id, 'diamonds_held', 'DIAMOND', false));

    SELECT * INTO answer FROM ledger_post(jsonb_build_array(jsonb_build_object(
        'key', posting_key, 'kind', 'gift', 'input', input, 'transfers', legs)));
    IF answer.outcome <> 'done' THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', answer.code, 'detail', answer.detail);
    END IF;

    -- What the coins cost this fan: the average over what they bought in the currency they last paid in.
    SELECT p.currency, sum(p.total_minor) AS price, sum(p.tax_minor) AS tax, sum(p.coins) AS coins INTO paid
    FROM wallet_purchase p
    WHERE p.user_id = sender AND p.state = 'paid' AND p.currency = (
        SELECT q.currency FROM wallet_purchase q WHERE q.user_id = sender AND q.state = 'paid'
        ORDER BY q.id DESC LIMIT 1)
    GROUP BY p.currency;

    hold := CASE stream.trust WHEN 'trusted' THEN policy.hold_trusted
                              WHEN 'flagged' THEN policy.hold_flagged ELSE policy.hold_new END;
    INSERT INTO gifts_sentgift (
        public_id, fan_id, creator_id, stream_id, gift_id, price_id, rate_card_id, posting_id, quantity, coins,
        bonus_coins, diamonds, fan_currency, fan_price_minor, fan_tax_minor, message, combo, anonymous,
        created_at, undo_until, release_at)
    VALUES (
        request, sender, stream.creator_id, stream.id, gift.id, gift.price_id, card.id, answer.posting_id, quantity,
        total, bonus, diamonds, coalesce(paid.currency, 'USD'),
        -- Half up, in whole units: the sums are numeric, whose own division leaves a fraction to be rounded again.
        coalesce(div(2 * (total - bonus) * paid.price + paid.coins, 2 * paid.coins), 0),
        coalesce(div(2 * (total - bonus) * paid.tax + paid.coins, 2 * paid.coins), 0),
        message, streak, hidden, now_at,
        now_at + make_interval(secs => CASE WHEN total >= 500 THEN policy.undo_large ELSE policy.undo_small END),
        now_at + make_interval(days => hold))
    RETURNING * INTO sent;

    payload := jsonb_build_object(
        'id', request, 'gift', gift.slug, 'name', gift.name, 'alt', gift.alt, 'kind', gift.kind, 'art', gift.art,
        'duration_ms', gift.duration_ms, 'coins', total, 'quantity', quantity, 'message', message, 'combo', streak,
        'from', CASE WHEN hidden THEN NULL ELSE coalesce(nullif(fan.display_name, ''), fan.handle) END,
        'handle', CASE WHEN hidden THEN NULL ELSE fan.handle END, 'at', now_at);
    INSERT INTO live_event (stream_id, kind, payload, created_at)
    VALUES (stream.id, 'gift', payload, now_at) RETURNING id INTO event_id;

    RETURN jsonb_build_object('outcome', 'done', 'gift', to_jsonb(sent),
        'event', jsonb_build_object('id', event_id, 'kind', 'gift', 'payload', payload),
        'balance', purse.coins + purse.bonus - total);
END $$;
