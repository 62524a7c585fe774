-- Send gifts: the guards, the debit, the posting, the gift row and the live event of each in one statement.
-- Only the senders' own accounts and the keys are locked; the creators' and the site's accounts are appended to.
--
-- gifts_send(sends) takes a JSON array; each element is one send:
--   {"key": the idempotency key, made by the sender's device, "fan": user id, "stream": its public id,
--    "gift": slug, "quantity", "message", "combo": presses of one combo share it, or null,
--    "anonymous": send without a name, "confirmed": the sender said yes to a large amount,
--    "words", "beginnings", "link": what the message can be read as, with a message only (live/folding.py),
--    "names": what the sender's name and handle can be read as, unless anonymous (live/chat/shown_names.py),
--    "moment": of a gift on a replay the moment of the stream at which it stands; null while the stream is live,
--    "to": public id of the guest of the stream who gets it; null: its creator does,
--    "at": for history brought in from elsewhere, or null}
-- and answers one object per element:
--   {"outcome": "done" | "already" | "refused", "code", "detail": {...},
--    "gift": {...} (the sent gift), "event": {"id", "kind", "payload"}, "balance": coins left}.
-- Each is answered for itself, as if they had come one after the other.
--
-- The planner may not scan here: it would guess from tables that were small when a connection came, and the
-- connection stays while they grow.

CREATE OR REPLACE FUNCTION gifts_send(sends jsonb) RETURNS TABLE (ord int, answer jsonb)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    now_at timestamptz := clock_timestamp();
    policy record;
    spent bigint;
    issued bigint;
    -- The senders' accounts with their balances as they become; an account's place is found by its label.
    coin_accounts bigint[];
    labels text[];
    balances bigint[];
    had bigint[];
    coins_at int;
    bonus_at int;
    -- What the batch posts.
    ids bigint[] := '{}';
    keys text[] := '{}';
    digests bytea[] := '{}';
    legs ledger_leg[] := '{}';
    -- What came before with its key, in this very batch, and what was left at its turn.
    repeats int[] := '{}';
    repeats_left bigint[] := '{}';
    one record;
    total bigint;
    left_over bigint;
    bonus bigint;
    most bigint;
    exceeded jsonb;
    sent_before bigint;
    code text;
    detail jsonb;
    posting bigint;
    sent gifts_sentgift%ROWTYPE;
    shown text;
    payload jsonb;
    event_id bigint;
BEGIN
    -- Lock first, then look: of two presses with one key, the second sees what the first wrote.
    SELECT array_agg(l.id), array_agg(l.owner_id || l.kind), array_agg(l.balance) INTO coin_accounts, labels, balances
    FROM (
        SELECT a.id, a.owner_id, a.kind, a.balance FROM ledger_account a
        WHERE a.owner_id = ANY (ARRAY(SELECT (x->>'fan')::bigint FROM jsonb_array_elements(sends) x))
          AND a.unit = 'COIN' AND a.guarded
        ORDER BY a.id FOR NO KEY UPDATE
    ) l;
    had := balances;
    -- Then the keys, in one order too: two fans may come with the same ones, in opposite orders. All sends do so
    -- before they write anything that another one could wait for.
    PERFORM pg_advisory_xact_lock(k.lock) FROM (
        SELECT DISTINCT hashtextextended(x->>'key', 0) AS lock FROM jsonb_array_elements(sends) x ORDER BY 1
    ) k;

    SELECT p.max_quantity, p.confirm_from_coins AS confirm_from, p.undo_large_from_coins AS undo_large_from,
           p.undo_small_seconds AS undo_small, p.undo_large_seconds AS undo_large, p.combo_max_coins AS combo_max,
           p.club_coins, p.club_days, p.level_coins, p.hold_days_new AS hold_new,
           p.hold_days_trusted AS hold_trusted, p.hold_days_flagged AS hold_flagged,
           s.new_fan_days AS new_days, s.new_fan_gift_usd AS new_usd
    INTO STRICT policy FROM gifts_giftpolicy p, wallet_spendingpolicy s WHERE p.id = 1 AND s.id = 1;
    spent := ledger_open(NULL, 'coins_spent', 'COIN', false);
    issued := ledger_open(NULL, 'diamonds_issued', 'DIAMOND', false);
    IF jsonb_array_length(sends) > 1 THEN
        -- First gifts open accounts. In one order, so that two batches never wait for each other.
        PERFORM ledger_open(c.user_id, 'diamonds_held', 'DIAMOND', false)
        FROM accounts_creator c
        WHERE c.user_id = ANY (ARRAY(
            SELECT s.creator_id FROM jsonb_array_elements(sends) x
            JOIN live_stream s ON s.public_id = (x->>'stream')::uuid
            UNION ALL SELECT w.id FROM jsonb_array_elements(sends) x
            JOIN accounts_user w ON w.public_id = (x->>'to')::uuid))
          AND NOT EXISTS (SELECT 1 FROM ledger_account d WHERE d.owner_id = c.user_id
                          AND d.kind = 'diamonds_held' AND d.unit = 'DIAMOND')
        ORDER BY c.user_id;
    END IF;

    -- Look up everything at once; then decide and write, one after the other.
    FOR one IN
        SELECT a.n::int AS ord, a.request, a.fan, a.quantity, a.message, a.combo, a.anonymous, a.confirmed, t.sent_at,
            e.id AS earlier,
            (e.fan_id, e.stream_id, e.creator_id, e.gift_id, e.quantity, e.message, e.combo, e.anonymous, e.moment)
                IS NOT DISTINCT FROM
                (a.fan, s.id, CASE WHEN a.receiver IS NULL THEN s.creator_id ELSE w.id END, g.id,
                 a.quantity, a.message, a.combo, a.anonymous, t.moment) AS same,
            t.moment,
            -- A replay takes gifts while it is there and its creator's account is open.
            t.moment IS NOT NULL AND t.sent_at > s.ended_at AND t.sent_at < s.gifts_until AND EXISTS (
                SELECT 1 FROM accounts_user k WHERE k.id = s.creator_id AND k.is_active) AS replayed,
            u.handle, coalesce(nullif(u.display_name, ''), u.handle) AS name, u.date_joined AS joined_at,
            u.country_id AS country, u.confirm_from_coins AS own_confirm_from, u.spending_paused_until AS paused_until,
            a.anonymous OR u.private_supporter AS private,
            extract(year FROM age((t.sent_at AT TIME ZONE 'UTC')::date, u.date_of_birth)) AS age, y.minimum_age,
            s.id AS stream, s.state, s.adults_only, s.creator_id AS host, v.creator, c.trust, c.accepts_gifts AS accepts,
            -- To a guest: who is on now, by the name that the room shows.
            a.receiver, a.receiver IS NOT NULL AND q.user_id IS NULL AND w.id IS DISTINCT FROM s.creator_id AS gone,
            nullif(q.name, '') AS guest_name, CASE WHEN q.user_id IS NOT NULL THEN w.handle END AS guest_handle,
            EXISTS (SELECT 1 FROM live_block b WHERE b.creator_id = s.creator_id AND b.user_id = a.fan)
                OR a.receiver IS NOT NULL AND EXISTS (
                    SELECT 1 FROM live_block b WHERE b.creator_id = v.creator AND b.user_id = a.fan) AS blocked,
            (SELECT d.id FROM ledger_account d
             WHERE d.owner_id = v.creator AND d.kind = 'diamonds_held' AND d.unit = 'DIAMOND') AS held_account,
            g.id AS gift, g.slug, g.name AS gift_name, g.alt, g.kind, g.art, g.duration_ms, g.combo AS combines,
            g.retired_at, g.motion, g.message_length, g.confirm_twice, g.available_from, g.countries, g.from_level,
            g.club_only, g.from_level > 0 OR g.club_only AS gated, a.words, a.beginnings, a.link, a.names,
            p.id AS price, p.coins::bigint AS coins_each,
            r.id AS card, r.diamonds_per_coin, r.coin_value_micro_usd,
            -- Those of everything and those of this creator alone; what was sent to one creator is summed below.
            (SELECT jsonb_agg(jsonb_build_object(
                'span', i.span, 'creator', i.creator_id,
                'most', CASE WHEN i.next_at <= t.sent_at THEN i.next_coins ELSE i.coins END,
                'used', CASE WHEN i.span = 'gift' OR i.creator_id IS NOT NULL THEN 0 ELSE (
                    SELECT coalesce(sum(z.coins), 0) FROM gifts_sentgift z
                    WHERE z.fan_id = a.fan AND z.undone_at IS NULL AND z.created_at >= t.sent_at - CASE i.span
                        WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days'
                        ELSE interval '30 days' END) END))
             FROM accounts_spendinglimit i
             WHERE i.user_id = a.fan AND (i.creator_id IS NULL OR i.creator_id = v.creator)) AS own_limits,
            paid.currency, paid.price AS paid_price, paid.tax AS paid_tax, paid.coins AS paid_coins
        FROM ROWS FROM (jsonb_to_recordset(sends) AS (
            key uuid, fan bigint, stream uuid, gift text, quantity int, message text, combo uuid,
            anonymous boolean, confirmed boolean, words text[], beginnings text[], link boolean, names jsonb,
            moment timestamptz, "to" uuid, "at" timestamptz)) WITH ORDINALITY
            AS a(request, fan, room, slug, quantity, message, combo, anonymous, confirmed, words, beginnings, link, names,
                 asked_moment, receiver, happened_at, n)
        LEFT JOIN gifts_sentgift e ON e.public_id = a.request
        LEFT JOIN accounts_user u ON u.id = a.fan AND u.is_active
        LEFT JOIN accounts_country y ON y.code = u.country_id
        LEFT JOIN live_stream s ON s.public_id = a.room
        CROSS JOIN LATERAL (SELECT coalesce(a.happened_at, now_at) AS sent_at,
            CASE WHEN a.asked_moment IS NOT NULL
                THEN least(greatest(a.asked_moment, s.started_at), s.ended_at) END AS moment) t
        LEFT JOIN accounts_user w ON w.public_id = a.receiver
        LEFT JOIN live_guest q ON q.stream_id = s.id AND q.user_id = w.id AND q.state = 'joined' AND w.is_active
        CROSS JOIN LATERAL (SELECT CASE WHEN a.receiver IS NULL OR w.id = s.creator_id
            THEN s.creator_id ELSE q.user_id END AS creator) v
        LEFT JOIN accounts_creator c ON c.user_id = v.creator
        LEFT JOIN gifts_gift g ON g.slug = a.slug
        LEFT JOIN LATERAL (
            SELECT v.id, v.coins FROM gifts_giftprice v
            WHERE v.gift_id = g.id AND v.valid_from <= t.sent_at ORDER BY v.valid_from DESC LIMIT 1) p ON true
        LEFT JOIN LATERAL (
            SELECT w.id, w.diamonds_per_coin, w.coin_value_micro_usd FROM wallet_ratecard w
            WHERE w.valid_from <= t.sent_at ORDER BY w.valid_from DESC LIMIT 1) r ON true
        -- What this fan's coins cost: the sums of what they bought in the currency they last paid in.
        LEFT JOIN LATERAL (
            SELECT b.currency, sum(b.total_minor) AS price, sum(b.tax_minor) AS tax, sum(b.coins)::numeric AS coins
            FROM wallet_purchase b WHERE b.user_id = a.fan AND b.state = 'paid'
            GROUP BY b.currency ORDER BY max(b.id) DESC LIMIT 1) paid ON true
    LOOP
        ord := one.ord;
        total := one.coins_each * one.quantity;
        coins_at := array_position(labels, one.fan || 'coins');
        bonus_at := array_position(labels, one.fan || 'bonus_coins');
        left_over := coalesce(balances[coins_at], 0) + coalesce(balances[bonus_at], 0);
        code := NULL;
        detail := '{}';
        IF one.earlier IS NOT NULL THEN
            -- A repeated key is the same request only with the same input.
            IF one.same THEN
                SELECT jsonb_build_object('outcome', 'already', 'gift', to_jsonb(g), 'balance', left_over)
                INTO answer FROM gifts_sentgift g WHERE g.id = one.earlier;
                RETURN NEXT;
                CONTINUE;
            END IF;
            code := 'key_reused';
        ELSIF 'gift:' || one.request = ANY (keys) THEN
            -- It came with this key before, in this very batch: it is tried again when that one is written.
            repeats := repeats || one.ord;
            repeats_left := repeats_left || left_over;
            CONTINUE;
        ELSIF one.quantity IS NULL OR one.quantity < 1 OR one.quantity > policy.max_quantity THEN
            code := 'bad_quantity';
            detail := jsonb_build_object('most', policy.max_quantity);
        ELSIF one.handle IS NULL THEN
            code := 'account_closed';
        ELSIF one.age < one.minimum_age THEN
            code := 'too_young';
            detail := jsonb_build_object('age', one.minimum_age);
        ELSIF one.paused_until > one.sent_at THEN
            code := 'spending_paused';
            detail := jsonb_build_object('until', one.paused_until);
        ELSIF one.stream IS NULL OR one.state = 'ended' AND one.moment IS NULL THEN
            code := 'stream_ended';
        ELSIF one.state = 'soon' THEN
            code := 'not_on_air_yet';
        ELSIF one.moment IS NOT NULL AND one.replayed IS NOT TRUE THEN
            code := 'replay_closed';
        ELSIF one.gone OR one.moment IS NOT NULL AND one.creator <> one.host THEN
            code := 'guest_gone';
        ELSIF one.creator = one.fan THEN
            code := 'gift_to_self';
        ELSIF one.adults_only AND (one.age >= 18) IS NOT TRUE THEN
            code := 'adults_only';
        ELSIF one.blocked THEN
            code := 'blocked';
        ELSIF one.accepts IS NOT TRUE THEN
            code := 'gifts_off';
        ELSIF one.price IS NULL OR one.art = '' THEN
            code := 'unknown_gift';
        ELSIF one.retired_at <= one.sent_at THEN
            code := 'gift_retired';
            detail := jsonb_build_object('gift', one.gift_name);
        ELSIF one.available_from > one.sent_at THEN
            code := 'gift_not_yet';
            detail := jsonb_build_object('gift', one.gift_name, 'since', one.available_from);
        ELSIF one.countries <> '{}' AND (one.country = ANY (one.countries)) IS NOT TRUE THEN
            code := 'gift_not_here';
            detail := jsonb_build_object('gift', one.gift_name);
        ELSIF char_length(one.message) > one.message_length THEN
            code := CASE one.message_length WHEN 0 THEN 'no_message' ELSE 'message_too_long' END;
            detail := jsonb_build_object(
                'gift', one.gift_name, 'length', char_length(one.message), 'most', one.message_length);
        END IF;
        IF code IS NULL AND one.gated THEN
            -- Only a gift for some asks what was sent before. What this very batch sent counts already.
            SELECT sum(z.coins) INTO sent_before FROM gifts_sentgift z
            WHERE one.from_level > 0 AND z.fan_id = one.fan AND z.undone_at IS NULL;
            IF coalesce(sent_before, 0) < policy.level_coins[one.from_level] THEN
                code := 'level_too_low';
                detail := jsonb_build_object(
                    'gift', one.gift_name, 'level', one.from_level, 'sent', coalesce(sent_before, 0),
                    'needed', policy.level_coins[one.from_level]);
            ELSIF one.club_only THEN
                PERFORM FROM gifts_sentgift z
                WHERE z.fan_id = one.fan AND z.created_at >= one.sent_at - make_interval(days => policy.club_days)
                  AND z.coins >= policy.club_coins AND z.undone_at IS NULL AND z.creator_id = one.creator LIMIT 1;
                IF NOT FOUND THEN
                    code := 'club_only';
                    detail := jsonb_build_object(
                        'gift', one.gift_name, 'coins', policy.club_coins, 'days', policy.club_days);
                END IF;
            END IF;
        END IF;
        IF code IS NULL AND one.message <> '' THEN
            code := live_refusal(one.host, true, one.link, one.words, one.beginnings);
            IF code IS NULL AND one.creator <> one.host THEN
                code := live_refusal(one.creator, true, one.link, one.words, one.beginnings);
            END IF;
        END IF;
        IF code IS NOT NULL THEN
            NULL;  -- refused already
        ELSIF one.quantity > 1 AND NOT (one.combines AND one.coins_each <= policy.combo_max) THEN
            code := 'bad_quantity';
            detail := '{"most": 1}';
        ELSIF (one.confirm_twice OR total >= least(policy.confirm_from, one.own_confirm_from))
              AND one.confirmed IS NOT TRUE THEN
            code := 'confirm_first';
            detail := jsonb_build_object('gift', one.gift_name, 'coins', total);
        ELSIF one.card IS NULL THEN
            code := 'no_rate_card';
        ELSE
            -- The site's limit for new fans, then the fan's own limits, then what there is.
            most := policy.new_usd::bigint * 1000000 / one.coin_value_micro_usd;
            exceeded := NULL;
            IF one.own_limits IS NOT NULL THEN
                SELECT jsonb_build_object('span', l.span, 'limit', l.most, 'used', l.before, 'one', l.creator IS NOT NULL)
                INTO exceeded FROM (
                    SELECT o.span, o.most, o.creator, CASE WHEN o.span = 'gift' THEN 0 WHEN o.creator IS NULL THEN
                        o.used + coalesce(had[coins_at], 0) + coalesce(had[bonus_at], 0) - left_over
                    ELSE (  -- read now, so that what this very batch sent to the creator counts
                        SELECT coalesce(sum(z.coins), 0) FROM gifts_sentgift z
                        WHERE z.fan_id = one.fan AND z.undone_at IS NULL AND z.creator_id = o.creator
                          AND z.created_at >= one.sent_at - CASE o.span
                            WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days'
                            ELSE interval '30 days' END) END AS before
                    FROM jsonb_to_recordset(one.own_limits) o(span text, creator bigint, most bigint, used bigint)
                ) l WHERE l.before + total > l.most LIMIT 1;
            END IF;
            IF one.joined_at > one.sent_at - make_interval(days => policy.new_days) AND total > most THEN
                code := 'over_limit_new_fan';
                detail := jsonb_build_object('most', most, 'days', policy.new_days);
            ELSIF exceeded IS NOT NULL THEN
                code := CASE WHEN (exceeded->>'one')::boolean THEN 'over_creator_limit' ELSE 'over_spending_limit' END;
                detail := exceeded - 'one';
            ELSIF left_over < total THEN
                code := 'insufficient_coins';
                detail := jsonb_build_object('missing', total - left_over, 'balance', left_over, 'needed', total);
            END IF;
        END IF;
        -- Bonus coins go first.
        bonus := least(total, coalesce(balances[bonus_at], 0));
        IF code IS NULL THEN
            posting := nextval('ledger_posting_id_seq');
            INSERT INTO gifts_sentgift (
                public_id, fan_id, creator_id, stream_id, gift_id, price_id, rate_card_id, posting_id, quantity,
                coins, bonus_coins, diamonds, fan_currency, fan_price_fine, fan_tax_fine, message, combo, anonymous,
                created_at, moment, undo_until, release_at)
            VALUES (
                one.request, one.fan, one.creator, one.stream, one.gift, one.price, one.card, posting, one.quantity,
                total, bonus, total * one.diamonds_per_coin, coalesce(one.currency, 'USD'),
                -- Half up, in hundredths of minor units: numeric division leaves a fraction that would be rounded again.
                coalesce(div(200 * (total - bonus) * one.paid_price + one.paid_coins, 2 * one.paid_coins), 0),
                coalesce(div(200 * (total - bonus) * one.paid_tax + one.paid_coins, 2 * one.paid_coins), 0),
                one.message, one.combo, one.anonymous, one.sent_at, one.moment,
                one.sent_at + make_interval(
                    secs => CASE WHEN total >= policy.undo_large_from
                            THEN policy.undo_large ELSE policy.undo_small END),
                one.sent_at + make_interval(days => CASE one.trust
                    WHEN 'trusted' THEN policy.hold_trusted WHEN 'flagged' THEN policy.hold_flagged
                    ELSE policy.hold_new END))
            ON CONFLICT (public_id) DO NOTHING
            RETURNING * INTO sent;
            IF NOT FOUND THEN
                code := 'key_reused';  -- another fan's press took the key while we waited
            END IF;
        END IF;
        IF code IS NOT NULL THEN
            answer := jsonb_build_object('outcome', 'refused', 'code', code, 'detail', detail);
            RETURN NEXT;
            CONTINUE;
        END IF;
        shown := CASE WHEN NOT one.anonymous THEN live_name_shown(one.host, one.name, one.handle, one.names) END;
        IF shown IS NOT NULL AND one.creator <> one.host THEN
            shown := live_name_shown(one.creator, shown, one.handle, one.names);
        END IF;
        payload := jsonb_build_object(
            'id', one.request, 'gift', one.slug, 'name', one.gift_name, 'alt', one.alt, 'kind', one.kind,
            'art', one.art, 'duration_ms', one.duration_ms, 'coins', total, 'quantity', one.quantity,
            'message', one.message, 'combo', one.combo, 'from', shown,
            'handle', CASE WHEN NOT one.anonymous THEN one.handle END, 'at', one.sent_at,
            'private', one.private OR shown IS NULL, 'motion', one.motion);
        IF one.moment IS NOT NULL THEN
            payload := payload || jsonb_build_object('moment', one.moment);
        END IF;
        IF one.creator <> one.host THEN
            payload := payload || jsonb_build_object(
                'to', one.guest_name, 'to_handle', one.guest_handle);
        END IF;
        INSERT INTO live_event (stream_id, kind, payload, created_at, moment)
        VALUES (one.stream, 'gift', payload, one.sent_at, one.moment) RETURNING id INTO event_id;

        ids := ids || posting;
        keys := keys || ('gift:' || one.request);
        digests := digests || gifts_digest(sent);
        IF bonus > 0 THEN
            balances[bonus_at] := balances[bonus_at] - bonus;
            legs := legs || ROW(cardinality(ids), 'COIN', coin_accounts[bonus_at], spent, bonus)::ledger_leg;
        END IF;
        IF total > bonus THEN
            balances[coins_at] := balances[coins_at] - (total - bonus);
            legs := legs || ROW(cardinality(ids), 'COIN', coin_accounts[coins_at], spent, total - bonus)::ledger_leg;
        END IF;
        legs := legs || ROW(
            cardinality(ids), 'DIAMOND', issued,
            coalesce(one.held_account, ledger_open(one.creator, 'diamonds_held', 'DIAMOND', false)),
            total * one.diamonds_per_coin)::ledger_leg;
        answer := jsonb_build_object('outcome', 'done', 'gift', to_jsonb(sent), 'balance', left_over - total,
            'event', jsonb_build_object('id', event_id, 'kind', 'gift', 'payload', payload));
        RETURN NEXT;
    END LOOP;

    IF cardinality(ids) > 0 THEN
        SELECT w.code, w.detail INTO code, detail
        FROM ledger_write(ids, keys, array_fill('gift'::text, ARRAY[cardinality(ids)]), digests, legs) w;
        IF code IS NOT NULL THEN
            -- The guards above let nothing through that the ledger refuses: nothing of this batch may stay.
            RAISE EXCEPTION 'the ledger refuses what sending allowed: % %', code, detail;
        END IF;
    END IF;

    FOR n IN 1..cardinality(repeats) LOOP
        ord := repeats[n];
        SELECT s.answer INTO answer FROM gifts_send(jsonb_build_array(sends->(ord - 1))) s;
        IF answer->>'outcome' = 'already' THEN
            answer := answer || jsonb_build_object('balance', repeats_left[n]);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
