-- One send without questions: benchmarks/trusting.py.
\set fan random(:first_fan, :first_fan + :fans - 1)
\set room random(1, :rooms)
SELECT * FROM bench_trusting(jsonb_build_array(jsonb_build_object(
    'key', gen_random_uuid(), 'fan', :fan::int,
    'stream', '00000000-0000-0000-0000-' || lpad(:room::text, 12, '0'),
    'gift', 'pebble', 'quantity', 1, 'message', '', 'combo', NULL,
    'anonymous', false, 'confirmed', false, 'at', NULL)));
