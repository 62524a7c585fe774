-- One transfer of a batch that is to be written; `ord` is its posting's place in the batch.
CREATE TYPE ledger_leg AS (ord int, unit text, from_id bigint, to_id bigint, amount bigint);
