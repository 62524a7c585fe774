-- One transfer of a set that is to be written; `ord` is its posting's place in the set.
CREATE TYPE ledger_leg AS (ord int, unit text, from_id bigint, to_id bigint, amount bigint);
