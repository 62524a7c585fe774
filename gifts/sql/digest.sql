-- What the key of a gift remembers of it: all but its text, and what changes later.
CREATE OR REPLACE FUNCTION gifts_digest(s gifts_sentgift) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(concat_ws(' ', s.id, s.fan_id, s.creator_id, s.stream_id, s.gift_id, s.price_id,
        s.rate_card_id, s.quantity, s.coins, s.bonus_coins, s.diamonds, s.fan_currency, s.fan_price_fine,
        s.fan_tax_fine, coalesce(s.combo::text, '-'), s.anonymous, extract(epoch FROM s.created_at),
        coalesce(extract(epoch FROM s.moment)::text, '-')), 'UTF8'))
$$;
