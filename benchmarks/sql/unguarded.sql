-- What a send costs without its guards: the same rows for ids that are given, and nothing looked at.
-- No lock but that of the update, no key compared, no price, room, age or limit read.

CREATE FUNCTION bench_write(
    request uuid, fan bigint, account bigint, handle text, creator bigint, stream bigint, held bigint,
    gift bigint, price bigint, card bigint, face jsonb, coins bigint, spent bigint, issued bigint,
    paid_minor bigint, tax_minor bigint
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    now_at timestamptz := clock_timestamp();
    posting bigint;
    sent gifts_sentgift%ROWTYPE;
    event bigint;
    payload jsonb;
BEGIN
    INSERT INTO ledger_posting (key, kind, created_at)
    VALUES ('gift:' || request, 'gift', now_at) RETURNING id INTO posting;
    INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount, created_at)
    VALUES (posting, 'COIN', account, spent, coins, now_at), (posting, 'DIAMOND', issued, held, coins, now_at);
    UPDATE ledger_account a SET balance = a.balance - coins WHERE a.id = account;
    INSERT INTO gifts_sentgift (
        public_id, fan_id, creator_id, stream_id, gift_id, price_id, rate_card_id, posting_id, quantity, coins,
        bonus_coins, diamonds, fan_currency, fan_price_fine, fan_tax_fine, message, combo, anonymous,
        created_at, undo_until, release_at)
    VALUES (
        request, fan, creator, stream, gift, price, card, posting, 1, coins,
        0, coins, 'EUR', 100 * paid_minor, 100 * tax_minor, '', NULL, false,
        now_at, now_at + interval '5 seconds', now_at + interval '7 days')
    RETURNING * INTO sent;
    INSERT INTO ledger_key (key, posting_id, input_hash, created_at)
    VALUES ('gift:' || request, posting, gifts_digest(sent), now_at);
    payload := face || jsonb_build_object(
        'id', request, 'coins', coins, 'quantity', 1, 'message', '', 'combo', NULL,
        'from', handle, 'handle', handle, 'at', now_at, 'private', false, 'motion', '');
    INSERT INTO live_event (stream_id, kind, payload, created_at)
    VALUES (stream, 'gift', payload, now_at) RETURNING id INTO event;
    RETURN jsonb_build_object('outcome', 'done', 'gift', to_jsonb(sent),
        'event', jsonb_build_object('id', event, 'kind', 'gift', 'payload', payload));
END $$;
