-- What a fan agreed to stays as they read it. It goes on and off; other wishes are another row.
CREATE OR REPLACE FUNCTION wallet_top_up_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was agreed for auto top-up is kept: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER top_up_stays BEFORE UPDATE ON wallet_topup
    FOR EACH ROW
    WHEN (to_jsonb(OLD) - ARRAY['state', 'on_at', 'rests_until', 'off_at', 'off_reason', 'off_note', 'off_by_id']
          <> to_jsonb(NEW) - ARRAY['state', 'on_at', 'rests_until', 'off_at', 'off_reason', 'off_note', 'off_by_id']
          OR (OLD.state = 'off' AND NEW.state <> 'off'))
    EXECUTE FUNCTION wallet_top_up_stays();
CREATE OR REPLACE TRIGGER top_up_is_kept BEFORE DELETE OR TRUNCATE ON wallet_topup
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_top_up_stays();

-- An order that nobody pressed for keeps to what was agreed. The agreement's row is locked, so that two orders at
-- once see each other: each statement after it reads what the other one has committed.
CREATE OR REPLACE FUNCTION wallet_top_up_within_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed wallet_topup;
    spent bigint;
    today integer;
BEGIN
    SELECT * INTO agreed FROM wallet_topup WHERE id = NEW.top_up_id FOR NO KEY UPDATE;
    IF agreed.state <> 'on' OR (agreed.user_id, agreed.bundle_id, agreed.coins, agreed.currency, agreed.total_minor)
        IS DISTINCT FROM (NEW.user_id, NEW.bundle_id, NEW.coins, NEW.currency, NEW.total_minor) THEN
        RAISE EXCEPTION 'this is not what the fan agreed to' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(total_minor), 0), count(*) FILTER (WHERE created_at > NEW.created_at - interval '1 day')
    INTO spent, today FROM wallet_purchase
    WHERE user_id = NEW.user_id AND top_up_id IS NOT NULL AND currency = NEW.currency
        AND created_at > NEW.created_at - interval '30 days'
        AND state NOT IN ('declined', 'expired', 'cancelled');
    IF spent + NEW.total_minor > agreed.month_minor THEN
        RAISE EXCEPTION 'this is more than the fan agreed to in 30 days' USING ERRCODE = 'check_violation';
    END IF;
    IF today >= (SELECT top_ups_a_day FROM wallet_spendingpolicy) THEN
        RAISE EXCEPTION 'there were enough top-ups in a day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER top_up_within_consent BEFORE INSERT ON wallet_purchase
    FOR EACH ROW WHEN (NEW.top_up_id IS NOT NULL) EXECUTE FUNCTION wallet_top_up_within_consent();
CREATE OR REPLACE TRIGGER top_up_of_an_order_stays BEFORE UPDATE OF top_up_id ON wallet_purchase
    FOR EACH ROW WHEN (OLD.top_up_id IS DISTINCT FROM NEW.top_up_id) EXECUTE FUNCTION wallet_top_up_stays();
