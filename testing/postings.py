"""What only tests post: coins and diamonds out of nothing, and what tests of the ledger move."""

from ledger.rules import allow, reversing

TEST = [
    allow("test", "coins_issued", "coins", "fan"),
    allow("test", "coins", "coins_spent", "fan"),
    allow("test", "bonus_coins", "coins_spent", "fan"),
    allow("test", "coins", "coins_held", "fan"),
    allow("test", "coins", "coins", "fan", "other fan"),
    allow("test", "coins", "coins_refunded", "fan"),
    allow("test", "unearned", "clearing:"),
    allow("test", "tax:", "clearing:"),
    allow("test", "coins_issued", "coins_spent"),
    allow("test", "diamonds_issued", "diamonds", "creator"),
    allow("test", "diamonds_owed", "diamonds_reversed", "creator"),
    allow("test", "cash", "bank", "creator"),
    allow("bonus", "bonus_issued", "bonus_coins", "fan"),
]
RULES = [*TEST, *reversing(TEST, of="test", by="undo")]

# By what a test posted a person holds just what the test posted.
HOLDINGS = [
    "SELECT a.owner_id, a.kind, a.unit, s.amount FROM ledger_posting p"
    " LEFT JOIN ledger_posting o ON o.id = p.reverses_id"
    " JOIN ledger_transfer t ON t.posting_id = p.id"
    " CROSS JOIN LATERAL (VALUES (t.from_account_id, -t.amount), (t.to_account_id, t.amount))"
    "   s(account, amount) JOIN ledger_account a ON a.id = s.account"
    " WHERE a.owner_id IS NOT NULL AND coalesce(o.kind, p.kind) IN ('test', 'bonus')"
]
