"""What our rows say that must stand in a provider's book."""

# Each row of ours that moved a clearing account: provider, kind of movement, name (our order, or
# the provider's reference), currency, minor units (negative: out), and the fee booked with it.
EXPECTED = [
    "SELECT provider, 'charge', public_id::text, currency, total_minor, 0::bigint"
    " FROM wallet_purchase WHERE state = 'paid'",
    "SELECT p.provider, 'refund', r.provider_reference, r.currency,"
    "   -(r.net_minor + r.tax_minor + r.loss_minor), 0"
    " FROM wallet_refund r JOIN wallet_purchase p ON p.id = r.purchase_id"
    " WHERE r.done_at IS NOT NULL AND r.by_hand = ''",
    # A refund that came back, days after it was done.
    "SELECT p.provider, 'refund', r.provider_reference, r.currency,"
    "   r.net_minor + r.tax_minor + r.loss_minor, 0"
    " FROM wallet_refund r JOIN wallet_purchase p ON p.id = r.purchase_id"
    " WHERE r.done_at IS NOT NULL AND r.state = 'failed'",
    # What a dispute took comes with its fee, and what was won comes back with what of the fee does.
    "SELECT d.provider, 'dispute', d.provider_reference, d.currency,"
    "   CASE s.kind WHEN 'taken' THEN -s.amount_minor ELSE s.amount_minor END,"
    "   coalesce((SELECT sum(f.amount_minor) FROM wallet_disputestep f"
    "     WHERE f.dispute_id = d.id AND f.kind = 'fee'"
    "     AND (f.amount_minor > 0) = (s.kind = 'taken')), 0)::bigint"
    " FROM wallet_disputestep s JOIN wallet_dispute d ON d.id = s.dispute_id"
    " WHERE s.kind IN ('taken', 'won') AND s.amount_minor <> 0",
]
COLUMNS = "expected(provider, kind, name, currency, minor, fee)"

# Whether the row `expected` is what the movement `m` is about, and says the same. A dispute's fee
# is booked with the dispute, unless it is taken in another currency.
SAYS_THE_SAME = (
    "expected.provider = m.provider AND expected.kind = m.kind AND expected.name = m.about"
    " AND expected.minor = m.source_minor AND expected.currency = m.source_currency"
    " AND (m.kind <> 'dispute' OR m.currency <> m.source_currency OR expected.fee = m.fee_minor)"
)
# Whether the movement `m` is about the row, whatever either says of the amount.
IS_ABOUT = (
    "(expected.provider, expected.kind, expected.name) = (m.provider, m.kind, m.about)"
    " AND sign(expected.minor) = sign(m.source_minor)"
)
# The row's name in a booking by hand.
ROW_OF_EXPECTED = (
    "concat_ws(':', expected.provider, expected.kind, expected.name,"
    " CASE WHEN expected.minor < 0 THEN 'out' ELSE 'in' END)"
)
# Whether no booked movement is the row's, by itself or by hand. Two questions, apart:
# PostgreSQL answers each of them for all rows at once.
NOT_SHOWN = (
    "NOT EXISTS (SELECT FROM wallet_providermovement m"  # noqa: S608  # our own words
    f"   WHERE m.booked_at IS NOT NULL AND {SAYS_THE_SAME})"
    " AND NOT EXISTS (SELECT FROM wallet_movementbooking b WHERE b.state = 'booked'"
    f"   AND b.takes_back_id IS NULL AND b.row = {ROW_OF_EXPECTED})"
)


def row_name(provider: str, kind: str, name: str, minor: int) -> str:
    """Return a row's name as a booking by hand keeps it."""
    return f"{provider}:{kind}:{name}:{'out' if minor < 0 else 'in'}"


def expected() -> str:
    """Return the rows as SQL, to be read under `COLUMNS`."""
    return " UNION ALL ".join(EXPECTED)
