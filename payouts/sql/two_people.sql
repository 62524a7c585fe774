-- A step that no answer of the bank makes by itself rests on a proposal that a second person confirmed, a
-- new one for each step. Whichever service moves the row, whichever person calls it.
CREATE OR REPLACE FUNCTION payouts_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision_id IS NOT DISTINCT FROM OLD.decision_id OR NOT EXISTS (
        SELECT FROM payouts_proposal WHERE id = NEW.decision_id AND state = 'confirmed') THEN
        RAISE EXCEPTION 'step_needs_two_people' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER payout_step_by_two_people BEFORE UPDATE ON payouts_payout FOR EACH ROW
    WHEN (NEW.state = 'returned' AND OLD.state = 'settled'
        OR NEW.state = 'settled' AND OLD.state NOT IN ('settled', 'sent')
        OR NEW.held_reason = '' AND OLD.held_reason <> '')
    EXECUTE FUNCTION payouts_two_people();
CREATE OR REPLACE TRIGGER batch_void_by_two_people BEFORE UPDATE ON payouts_batch FOR EACH ROW
    WHEN (NEW.state = 'void' AND OLD.state <> 'void')
    EXECUTE FUNCTION payouts_two_people();
-- A proposal says what was confirmed: nothing in it changes but the decision, once.
CREATE OR REPLACE FUNCTION payouts_keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'proposal_is_kept' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_proposal BEFORE UPDATE OR DELETE ON payouts_proposal FOR EACH ROW
    EXECUTE FUNCTION payouts_keep_proposal();
