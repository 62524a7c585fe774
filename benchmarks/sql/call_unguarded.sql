-- One send without guards. Fans, rooms and their accounts were made in rows, so their ids follow from two numbers.
\set n random(0, :fans - 1)
\set m random(0, :rooms - 1)
\set fan :first_fan + :n
\set account :first_account + :n
\set handle :n + 1
\set creator :first_creator + :m
\set stream :first_stream + :m
\set held :first_held + :m
SELECT bench_write(gen_random_uuid(), :fan, :account, 'fan_' || :handle::int, :creator, :stream, :held,
    :gift, :price, :card, :face::jsonb, 1, :spent, :issued, 1, 0);
