-- Fourteen months of a site's life in one transaction: %(gifts)s gifts, the purchases that paid for them, one in a
-- hundred taken back, and a release a day for each creator. Written past the functions, as only the tables' owner can,
-- with everything that `check_ledger` looks at. Run once, on a database that has people, streams and the default
-- economy.
--
-- One creator gets a fifth of all gifts; each fan buys once a month what the month's gifts cost. A gift's number `k`
-- is its place in time; its fan, creator and kind are drawn by hashing `k`: the same in every run.

SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '1GB';
SET LOCAL synchronous_commit = off;
SET LOCAL statement_timeout = 0;

CREATE UNLOGGED TABLE grow_fan AS
    SELECT row_number() OVER (ORDER BY u.id)::int - 1 AS n, u.id, u.handle,
           ledger_open(u.id, 'coins', 'COIN', true) AS coins
    FROM accounts_user u WHERE u.handle LIKE 'fan\_%%';
CREATE UNLOGGED TABLE grow_creator AS
    SELECT row_number() OVER (ORDER BY u.id)::int - 1 AS n, u.id,
           ledger_open(u.id, 'diamonds_held', 'DIAMOND', false) AS held,
           ledger_open(u.id, 'diamonds', 'DIAMOND', true) AS diamonds
    FROM accounts_user u WHERE u.handle LIKE 'creator\_%%';
CREATE UNLOGGED TABLE grow_stream AS
    SELECT s.creator_id, s.id, row_number() OVER (PARTITION BY s.creator_id ORDER BY s.started_at)::int - 1 AS month
    FROM live_stream s JOIN grow_creator c ON c.id = s.creator_id;
CREATE UNLOGGED TABLE grow_kind AS
    SELECT row_number() OVER (ORDER BY g.id)::int - 1 AS n, g.id, g.slug, g.name, g.alt, g.kind, g.art, g.duration_ms,
           p.id AS price, p.coins
    FROM gifts_gift g JOIN gifts_giftprice p ON p.gift_id = g.id WHERE p.coins < 500 ORDER BY g.id LIMIT 7;
CREATE UNLOGGED TABLE grow_site AS
    SELECT ledger_open(NULL, 'coins_issued', 'COIN', false) AS coins_issued,
           ledger_open(NULL, 'coins_spent', 'COIN', false) AS coins_spent,
           ledger_open(NULL, 'diamonds_issued', 'DIAMOND', false) AS diamonds_issued,
           ledger_open(NULL, 'clearing:sandbox', 'EUR', false) AS clearing,
           ledger_open(NULL, 'unearned', 'EUR', false) AS unearned,
           ledger_open(NULL, 'tax:DE', 'EUR', false) AS tax,
           r.id AS card, r.diamonds_per_coin,
           now() - interval '420 days' AS begin
    FROM wallet_ratecard r WHERE r.valid_from <= now() ORDER BY r.valid_from DESC LIMIT 1;
ANALYZE grow_fan; ANALYZE grow_creator; ANALYZE grow_stream; ANALYZE grow_kind;

CREATE UNLOGGED TABLE grow_gift AS
SELECT k, gen_random_uuid() AS public_id, f.id AS fan, f.n AS fan_n, c.id AS creator, c.n AS creator_n,
       s.id AS stream, g.n AS kind_n, g.coins, g.coins * site.diamonds_per_coin AS diamonds, t.at, t.month,
       k %% 100 = 50 AS undone, at + interval '7 days' AS release_at
FROM grow_site site, generate_series(1, %(gifts)s::bigint) k
CROSS JOIN LATERAL (
    SELECT site.begin + interval '420 days' * ((k - 0.5) / %(gifts)s) AS at,
           least(13, 14 * (k - 1) / %(gifts)s)::int AS month,
           hashint8extended(k, 1) & 1073741823 AS one, hashint8extended(k, 2) & 1073741823 AS two,
           hashint8extended(k, 3) & 1073741823 AS three) t
JOIN grow_fan f ON f.n = one %% (SELECT count(*) FROM grow_fan)
JOIN grow_creator c
    ON c.n = CASE WHEN k %% 5 = 0 THEN 0 ELSE 1 + two %% ((SELECT count(*) FROM grow_creator) - 1) END
JOIN grow_stream s ON s.creator_id = c.id AND s.month = t.month
JOIN grow_kind g ON g.n = three %% (SELECT count(*) FROM grow_kind);

-- Each fan's purchase of a month covers its gifts; the first one leaves much for what is sent afterwards.
CREATE UNLOGGED TABLE grow_purchase AS
SELECT gen_random_uuid() AS public_id, gen_random_uuid() AS reference, p.*,
       p.coins - p.coins / 4 AS net, (p.coins - p.coins / 4) * 19 / 100 AS tax
FROM (
    SELECT f.id AS fan, f.coins AS account, m.month,
           100 + coalesce(s.coins, 0)::int + CASE m.month WHEN 0 THEN 10000000 ELSE 0 END AS coins,
           coalesce(s.at, site.begin) - interval '1 second' AS at
    FROM grow_site site, grow_fan f CROSS JOIN generate_series(0, 13) m(month)
    LEFT JOIN (SELECT fan, month, sum(coins) AS coins, min(at) AS at FROM grow_gift GROUP BY fan, month) s
        ON s.fan = f.id AND s.month = m.month
    WHERE s.at IS NOT NULL OR m.month = 0
) p;

CREATE UNLOGGED TABLE grow_release AS
SELECT c.n AS creator_n, g.creator, date_trunc('day', g.release_at) + interval '1 day' AS at,
       sum(g.diamonds) AS diamonds, min(g.k) AS first
FROM grow_gift g JOIN grow_creator c ON c.id = g.creator
WHERE NOT g.undone AND date_trunc('day', g.release_at) + interval '1 day' <= now()
GROUP BY c.n, g.creator, 3;

-- Everything that is posted, in the order of time.
CREATE UNLOGGED TABLE grow_posting AS
SELECT row_number() OVER (ORDER BY at, kind, k) + (SELECT coalesce(max(id), 0) FROM ledger_posting) AS id, e.*
FROM (
    SELECT k, 'gift' AS kind, 'gift:' || public_id AS key, at FROM grow_gift
    UNION ALL
    SELECT k, 'undo', 'undo:' || public_id, at + interval '2 seconds' FROM grow_gift WHERE undone
    UNION ALL
    SELECT fan * 100 + month, 'purchase', 'purchase:' || public_id, at FROM grow_purchase
    UNION ALL
    SELECT creator * 1000000000 + first, 'release',
           'release:' || creator || ':' || to_char(at, 'YYYY-MM-DD') || ':' || first, at FROM grow_release
) e;
ANALYZE grow_gift; ANALYZE grow_posting; ANALYZE grow_purchase; ANALYZE grow_release;
CREATE UNLOGGED TABLE grow_link AS SELECT k, id FROM grow_posting WHERE kind = 'gift';
ANALYZE grow_link;

INSERT INTO ledger_posting (id, key, kind, reverses_id, created_at)
SELECT p.id, p.key, p.kind, l.id, p.at
FROM grow_posting p LEFT JOIN grow_link l ON p.kind = 'undo' AND l.k = p.k ORDER BY p.id;

INSERT INTO ledger_transfer (posting_id, unit, from_account_id, to_account_id, amount, created_at)
SELECT m.posting_id, m.unit, m.from_id, m.to_id, m.amount, m.at FROM (
    SELECT p.id AS posting_id, leg.*, p.at
    FROM grow_posting p JOIN grow_gift g ON g.k = p.k JOIN grow_fan f ON f.n = g.fan_n
    JOIN grow_creator c ON c.n = g.creator_n, grow_site s
    CROSS JOIN LATERAL (VALUES
        ('COIN', CASE p.kind WHEN 'gift' THEN f.coins ELSE s.coins_spent END,
                 CASE p.kind WHEN 'gift' THEN s.coins_spent ELSE f.coins END, g.coins),
        ('DIAMOND', CASE p.kind WHEN 'gift' THEN s.diamonds_issued ELSE c.held END,
                    CASE p.kind WHEN 'gift' THEN c.held ELSE s.diamonds_issued END, g.diamonds)
    ) leg(unit, from_id, to_id, amount)
    WHERE p.kind IN ('gift', 'undo')
    UNION ALL
    SELECT p.id, leg.*, p.at
    FROM grow_posting p JOIN grow_purchase b ON p.key = 'purchase:' || b.public_id, grow_site s
    CROSS JOIN LATERAL (VALUES
        ('COIN', s.coins_issued, b.account, b.coins), ('EUR', s.clearing, s.unearned, b.net),
        ('EUR', s.clearing, s.tax, b.tax)
    ) leg(unit, from_id, to_id, amount)
    WHERE p.kind = 'purchase'
    UNION ALL
    SELECT p.id, 'DIAMOND', c.held, c.diamonds, r.diamonds, p.at
    FROM grow_posting p JOIN grow_release r ON r.creator * 1000000000 + r.first = p.k
    JOIN grow_creator c ON c.n = r.creator_n WHERE p.kind = 'release'
) m ORDER BY m.posting_id, m.unit;

INSERT INTO gifts_sentgift (
    id, public_id, fan_id, creator_id, stream_id, gift_id, price_id, rate_card_id, posting_id, quantity, coins,
    bonus_coins, diamonds, fan_currency, fan_price_fine, fan_tax_fine, message, anonymous, created_at, undo_until,
    release_at, undone_at, released_at)
SELECT g.k, g.public_id, g.fan, g.creator, g.stream, d.id, d.price, s.card, l.id, 1, g.coins, 0, g.diamonds, 'EUR',
       100 * (g.coins - g.coins / 4) + (g.coins - g.coins / 4) * 19, (g.coins - g.coins / 4) * 19, '', g.k %% 9 = 0,
       g.at, g.at + interval '5 seconds', g.release_at,
       CASE WHEN g.undone THEN g.at + interval '2 seconds' END,
       CASE WHEN NOT g.undone AND date_trunc('day', g.release_at) + interval '1 day' <= now()
            THEN date_trunc('day', g.release_at) + interval '1 day' END
FROM grow_gift g JOIN grow_kind d ON d.n = g.kind_n JOIN grow_link l ON l.k = g.k, grow_site s ORDER BY g.k;

INSERT INTO live_event (stream_id, kind, payload, created_at)
SELECT e.stream, e.kind, e.payload, e.at FROM (
    SELECT g.k, g.stream, 'gift' AS kind, jsonb_build_object(
        'id', g.public_id, 'gift', d.slug, 'name', d.name, 'alt', d.alt, 'kind', d.kind, 'art', d.art,
        'duration_ms', d.duration_ms, 'coins', g.coins, 'quantity', 1, 'message', '', 'combo', NULL,
        'from', CASE WHEN g.k %% 9 > 0 THEN f.handle END, 'handle', CASE WHEN g.k %% 9 > 0 THEN f.handle END,
        'at', g.at) AS payload, g.at
    FROM grow_gift g JOIN grow_kind d ON d.n = g.kind_n JOIN grow_fan f ON f.n = g.fan_n
    UNION ALL
    SELECT k, stream, 'undo', jsonb_build_object('id', public_id), at + interval '2 seconds'
    FROM grow_gift WHERE undone
) e ORDER BY e.at;

INSERT INTO wallet_sandboxpayment (
    reference, idempotency_key, amount_minor, currency, description, return_url, state, created_at, changed_at)
SELECT reference, public_id, net + tax, 'EUR', 'Coins', 'https://bench.test/', 'succeeded', at, at FROM grow_purchase;
INSERT INTO wallet_purchase (
    public_id, key, user_id, region_id, country_id, rate_card_id, coins, currency, net_minor, tax_minor, total_minor,
    tax_name, tax_rate_bp, provider, method, provider_reference, pay_url, state, attempts, needs_attention, created_at,
    captured_at, recognised_coins, recognised_minor)
SELECT b.public_id, gen_random_uuid(), b.fan, y.region_id, 'DE', s.card, b.coins, 'EUR', b.net, b.tax, b.net + b.tax,
       'VAT', 1900, 'sandbox', 'card', b.reference, '', 'paid', 0, '', b.at, b.at, 0, 0
FROM grow_purchase b JOIN accounts_country y ON y.code = 'DE', grow_site s ORDER BY b.at;

INSERT INTO wallet_purchaseevent (purchase_id, state, note, created_at)
SELECT p.id, e.state, '', p.captured_at
FROM grow_purchase b JOIN wallet_purchase p ON p.public_id = b.public_id
CROSS JOIN (VALUES (1, 'created'), (2, 'started'), (3, 'paid')) e(place, state) ORDER BY p.id, e.place;

INSERT INTO wallet_document (
    public_id, kind, series, number, purchase_id, seller_name, seller_address, seller_tax_id, buyer_name, buyer_handle,
    country_code, country_name, coins, currency, net_minor, tax_minor, loss_minor, total_minor, tax_name, tax_rate_bp,
    method, payment_reference, moved_at, terms_version, refund_rule, sandbox, issued_at, attempts)
SELECT gen_random_uuid(), 'receipt', 'SANDBOX-GROWN', row_number() OVER (ORDER BY p.id), p.id, 'Bench', '', '', u.handle,
       u.handle, 'DE', 'Germany', p.coins, p.currency, p.net_minor, p.tax_minor, 0, p.total_minor, p.tax_name,
       p.tax_rate_bp, p.method, p.provider_reference, p.captured_at, '2026-11', '2026-11', true, p.captured_at, 0
FROM grow_purchase b JOIN wallet_purchase p ON p.public_id = b.public_id JOIN accounts_user u ON u.id = p.user_id;
INSERT INTO wallet_documentseries (name, last)
SELECT 'SANDBOX-GROWN', count(*) FROM grow_purchase HAVING count(*) > 0;

-- Each key remembers what its posting was made from, as the functions would have had it.
INSERT INTO ledger_key (key, posting_id, input_hash, created_at)
SELECT k.key, k.id, k.digest, k.at FROM (
    SELECT p.key, p.id, gifts_digest(s) AS digest, p.at
    FROM grow_posting p JOIN gifts_sentgift s ON s.posting_id = p.id WHERE p.kind = 'gift'
    UNION ALL
    SELECT u.key, p.id, ledger_digest('undo', '[]', 'gift:' || substr(p.key, 6)), p.at
    FROM grow_posting p CROSS JOIN LATERAL (VALUES (p.key), ('reverses:gift:' || substr(p.key, 6))) u(key)
    WHERE p.kind = 'undo'
    UNION ALL
    SELECT p.key, p.id, ledger_digest('purchase', wallet_facts(b), NULL), p.at
    FROM grow_posting p JOIN wallet_purchase b ON p.key = 'purchase:' || b.public_id WHERE p.kind = 'purchase'
    UNION ALL
    SELECT p.key, p.id, ledger_digest('release', jsonb_build_array(jsonb_build_object(
        'unit', t.unit, 'from', t.from_account_id, 'to', t.to_account_id, 'amount', t.amount)), NULL), p.at
    FROM grow_posting p JOIN ledger_transfer t ON t.posting_id = p.id WHERE p.kind = 'release'
) k ORDER BY k.key COLLATE "C";

UPDATE ledger_account a SET balance = m.balance FROM (
    SELECT account, sum(amount) AS balance FROM (
        SELECT to_account_id AS account, amount FROM ledger_transfer
        UNION ALL SELECT from_account_id, -amount FROM ledger_transfer) s GROUP BY account
) m WHERE m.account = a.id AND a.guarded;

SELECT setval(pg_get_serial_sequence('ledger_posting', 'id'), (SELECT max(id) FROM ledger_posting)),
       setval(pg_get_serial_sequence('gifts_sentgift', 'id'), greatest(1, (SELECT max(id) FROM gifts_sentgift)));
DROP TABLE grow_fan, grow_creator, grow_stream, grow_kind, grow_site, grow_gift, grow_purchase, grow_release,
           grow_posting, grow_link;
