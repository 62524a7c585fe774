"""The guards of refunds, and how each is taken away."""

from giftplatform.tests.mutants.guards import guard

REQUESTS = "wallet/refunds/requests.py"
REPORTS = "wallet/refunds/reports.py"
TESTS = "wallet/tests/test_refunds.py"

GUARDS = [
    guard(
        "an order is returned within the withdrawal period",
        REQUESTS,
        "if not offer.runs:",
        "if False:",
        TESTS,
    ),
    guard(
        "only unused coins are returned",
        REQUESTS,
        "if not 0 < wanted <= free:",
        "if not 0 < wanted:",
        TESTS,
    ),
    guard(
        "a key that asked for a refund asks for no other",
        REQUESTS,
        "if earlier and (coins or earlier.coins",
        "if False and (coins or earlier.coins",
        TESTS,
    ),
    guard(
        "staff refund no more than an order brought",
        REQUESTS,
        "if not 0 < amount_minor <= most:",
        "if not 0 < amount_minor:",
        TESTS,
    ),
    guard(
        "a large refund asks for a second person",
        REQUESTS,
        "needs_second=above_alone([money(amount_minor, locked.currency)])",
        "needs_second=False",
        TESTS,
    ),
    guard(
        "nobody confirms their own refund",
        REQUESTS,
        "if by.pk == refund.asked_by_id:",
        "if False:",
        TESTS,
    ),
    guard(
        "coins on their way back are not returned again",
        "wallet/refunds/unused.py",
        "    o.coins - o.held_coins - o.returned_coins,",
        "    o.coins,",
        TESTS,
    ),
    guard(
        "shares that are under way count",
        "wallet/refunds/amounts.py",
        "if refund.state in Refund.UNDER_WAY:",
        "if False:",
        TESTS,
    ),
    guard(
        "a refund is booked as it was asked for",
        REPORTS,
        "if (theirs.amount_minor, theirs.currency) != (refund.total_minor, refund.currency):",
        "if False:",
        TESTS,
    ),
    guard(
        "a refund made elsewhere is of no more than is left",
        REPORTS,
        "not 0 < theirs.amount_minor <= shares.left_minor",
        "not 0 < theirs.amount_minor",
        TESTS,
    ),
    guard(
        "a refund made elsewhere is known the next time",
        REPORTS,
        "found = mine.filter(provider_reference=theirs.reference).first()",
        "found = None",
        TESTS,
    ),
]
