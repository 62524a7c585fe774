-- What a captured order's posting was made from, and what the audit holds the order against ever after.
CREATE OR REPLACE FUNCTION wallet_facts(p wallet_purchase) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', p.id, 'order', p.public_id, 'key', p.key, 'fan', p.user_id, 'region', p.region_id,
        'country', p.country_id, 'pack', p.bundle_id, 'rate_card', p.rate_card_id, 'coins', p.coins,
        'currency', p.currency, 'net', p.net_minor, 'tax', p.tax_minor, 'total', p.total_minor,
        'tax_name', p.tax_name, 'tax_rate', p.tax_rate_bp, 'provider', p.provider, 'method', p.method,
        'reference', p.provider_reference, 'ordered', extract(epoch FROM p.created_at)::text)
$$;
