-- What a refund's posting was made from, and what the audit holds the refund against ever after.
CREATE OR REPLACE FUNCTION wallet_refund_facts(r wallet_refund) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', r.id, 'refund', r.public_id, 'key', r.key, 'order', r.purchase_id, 'coins', r.coins,
        'currency', r.currency, 'net', r.net_minor, 'tax', r.tax_minor, 'loss', r.loss_minor,
        'reason', r.reason, 'asked_by', r.asked_by_id, 'second', r.needs_second, 'decided_by', r.decided_by_id,
        'reference', r.provider_reference, 'asked', extract(epoch FROM r.created_at)::text)
        || CASE WHEN r.gift_coins > 0 OR r.bearer <> '' THEN
            jsonb_build_object('gift_coins', r.gift_coins, 'bearer', r.bearer) ELSE '{}' END
        || CASE WHEN r.by_hand <> '' OR r.instead_of_id IS NOT NULL THEN
            jsonb_build_object('by_hand', r.by_hand, 'by', r.by_hand_by_id, 'confirmed_by', r.by_hand_confirmed_by_id,
                'instead_of', r.instead_of_id) ELSE '{}' END
$$;
