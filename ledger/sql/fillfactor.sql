-- Balances change in place: free room in each page lets PostgreSQL do so without touching the indexes.
ALTER TABLE ledger_account SET (fillfactor = 70);
