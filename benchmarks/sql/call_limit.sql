-- A guarded update and one row.
\set fan random(:first_fan, :first_fan + :fans - 1)
\set room random(1, :rooms)
WITH paid AS (UPDATE bench_balance SET balance = balance - 1 WHERE id = :fan AND balance >= 1 RETURNING id)
INSERT INTO bench_paid (fan, room, coins) SELECT id, :room, 1 FROM paid;
