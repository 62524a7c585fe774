-- The least that could be called a payment: a guarded update of one balance and one row that says so.

CREATE TABLE bench_balance (id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70);
CREATE TABLE bench_paid (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fan int NOT NULL, room int NOT NULL, coins int NOT NULL
);
INSERT INTO bench_balance SELECT owner_id, balance FROM ledger_account WHERE kind = 'coins';
