-- What the posting of a booking by hand was made from, and what the audit holds its row against ever after: the
-- movement, what it was said to be and by whom.
CREATE OR REPLACE FUNCTION wallet_movement_facts(b wallet_movementbooking) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', b.id, 'booking', b.public_id, 'movement', b.movement_id, 'takes_back', b.takes_back_id,
        'account', b.account, 'reason', b.reason, 'net', b.net_minor, 'currency', b.currency,
        'row', b.row, 'row_minor', b.row_minor, 'row_currency', b.row_currency,
        'proposed_by', b.proposed_by_id, 'decided_by', b.decided_by_id)
$$;
