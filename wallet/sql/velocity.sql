-- A hit is what a rule found: it is written once, proposed and decided once, and never goes away.
CREATE OR REPLACE FUNCTION wallet_velocity_hit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.decision = ''
        AND (OLD.proposed = '' OR (OLD.proposed, OLD.proposed_by_id) IS NOT DISTINCT FROM (NEW.proposed, NEW.proposed_by_id))
        AND to_jsonb(OLD) - '{proposed,proposed_by_id,decision,decided_by_id,decided_at,note}'::text[]
          = to_jsonb(NEW) - '{proposed,proposed_by_id,decision,decided_by_id,decided_at,note}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'hits of rules are append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER velocity_hit_stays BEFORE UPDATE OR DELETE ON wallet_velocityhit
    FOR EACH ROW EXECUTE FUNCTION wallet_velocity_hit_stays();

-- The coins of an order wait while a hit holds it, whoever would credit them.
CREATE OR REPLACE FUNCTION wallet_held_order_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM wallet_velocityhit h
               WHERE h.purchase_id = NEW.id AND h.action = 'hold' AND h.decision = '') THEN
        RAISE EXCEPTION 'order % waits for the decision of a person', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER held_order_waits BEFORE UPDATE OF state ON wallet_purchase FOR EACH ROW
    WHEN (NEW.state = 'paid' AND OLD.state <> 'paid') EXECUTE FUNCTION wallet_held_order_waits();
