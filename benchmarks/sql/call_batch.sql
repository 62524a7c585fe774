-- Fifty sends in one call, each a random fan to a random room.
SELECT * FROM gifts_send((SELECT jsonb_agg(jsonb_build_object(
    'key', gen_random_uuid(), 'fan', :first_fan::int + floor(random() * :fans::int)::int,
    'stream', '00000000-0000-0000-0000-' || lpad((1 + floor(random() * :rooms::int))::text, 12, '0'),
    'gift', 'pebble', 'quantity', 1, 'message', '', 'combo', NULL,
    'anonymous', false, 'confirmed', false, 'at', NULL)) FROM generate_series(1, 50)));
