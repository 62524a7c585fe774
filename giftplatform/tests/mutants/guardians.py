"""The guards of money that goes back for a child, or for an account that closes."""

from giftplatform.tests.mutants.guards import guard

REQUESTS = "wallet/refunds/requests.py"
UNUSED = "wallet/refunds/unused.py"
REFUND_TABLES = "wallet/migrations/0001_initial.py"
CAUSES = "gifts/clawback/causes.py"
GIFTS = "gifts/tests/clawback/test_refunds.py"
GIFT_RACES = "gifts/tests/clawback/test_races.py"

DECISIONS = "care/guardians/decisions.py"
CASES = "care/tests/guardians/test_cases.py"
DECIDED = "care/tests/guardians/test_decisions.py"
CLOSED = "care/tests/closing/test_closing.py"
CARE_TABLES = "care/migrations/0001_initial.py"
BY_HAND = "wallet/refunds/by_hand.py"
HANDS = "wallet/tests/test_refunds_by_hand.py"

GUARDS = [
    guard(
        "a child's order gives back no more spent coins than were spent",
        UNUSED,
        "if not 0 <= gift_coins <= spent:",
        "if False:",
        GIFTS,
    ),
    guard(
        "spent coins whose gifts went back are not taken back again",
        UNUSED,
        "    spent -= sum(",
        "    sum(",
        GIFTS,
    ),
    guard(
        "of two workers one follows a refund",
        CAUSES,
        "FollowedRefund.objects.select_for_update()",
        "FollowedRefund.objects",
        GIFT_RACES,
    ),
    guard(
        "money that left has taken its gifts for good",
        CAUSES,
        "stays=not refund.is_open and refund.done_at is None,",
        "stays=refund.state == Refund.State.FAILED,",
        GIFTS,
    ),
    guard(
        "a refund of gifts knows who bears them",
        REFUND_TABLES,
        "models.Q(('bearer', ''), ('gift_coins', 0))",
        "models.Q(('gift_coins__gte', 0))",
        GIFTS,
    ),
    guard(
        "a clawback has one cause",
        "gifts/migrations/0001_initial.py",
        "models.Q(('dispute__isnull', True), ('refund__isnull', True), _connector='XOR')",
        "models.Q(('id__gt', 0))",
        GIFTS,
    ),
    guard(
        "the second person of a refund was not made for it",
        REQUESTS,
        "    refuse_new(by, rights=CONFIRM_RIGHTS, since=refund.created_at)\n",
        "",
        "wallet/tests/test_refunds.py",
    ),
    guard(
        "the second person of a case was not made for it",
        DECISIONS,
        "    refuse_new(by, rights=SECOND_RIGHTS, since=case.decided_at or case.created_at)\n",
        "",
        DECIDED,
    ),
    guard(
        "the orders of a case are above the limit together",
        DECISIONS,
        "second = requests.above_alone(amount for _part, _coins, amount in parts)",
        "second = any(requests.above_alone([amount]) for _part, _coins, amount in parts)",
        DECIDED,
    ),
    guard(
        "only orders of the case's account go back",
        DECISIONS,
        "    if len(purchases) != len(chosen):\n        raise refusals.OrderNotTheirs\n",
        "",
        DECIDED,
    ),
    guard(
        "nobody decides about their own account",
        CARE_TABLES,
        "models.Q(('decided_by', models.F('user')), _negated=True)",
        "models.Q(('id__gt', 0))",
        DECIDED,
    ),
    guard(
        "a case of an unconfirmed address is not open",
        CARE_TABLES,
        "models.Q(('state', 'unconfirmed'), ('confirmed_at__isnull', False), _connector='OR')",
        "models.Q(('id__gt', 0))",
        CASES,
    ),
    guard(
        "the database keeps a hash of a case's address",
        "care/guardians/links.py",
        "return hashlib.sha256(token.encode()).hexdigest()",
        "return token",
        CASES,
    ),
    guard(
        "an address is not filled with our mail",
        "care/guardians/cases.py",
        "    if today.count() >= MOST_A_DAY:\n        return None\n",
        "",
        CASES,
    ),
    guard(
        "what a guardian wrote goes in time",
        "care/guardians/following.py",
        "update(child_age=None, redacted_at=now, **blank)",
        "update(child_age=None, redacted_at=now)",
        CASES,
    ),
    guard(
        "an account is not closed with something in it that was not given up",
        "care/closing/services.py",
        "    if offer.loses and not gives_up:\n        raise refusals.MustGiveUp\n",
        "",
        CLOSED,
    ),
    guard(
        "an account closes empty: the database",
        "care/sql/closings.sql",
        "WHEN (NEW.closed_at IS NOT NULL) EXECUTE",
        "WHEN (false) EXECUTE",
        CLOSED,
    ),
    guard(
        "a closing waits for its refunds",
        "care/closing/finishing.py",
        '    if waits_for(user):\n        return _later(closing, "")\n',
        "",
        CLOSED,
    ),
    guard(
        "whoever says that money left by hand does not confirm it",
        BY_HAND,
        "if by.pk in {refund.by_hand_by_id, refund.asked_by_id}:",
        "if False:",
        HANDS,
    ),
    guard(
        "money that leaves by hand is seen by two: the database",
        "wallet/migrations/0001_initial.py",
        "models.Q(('by_hand_confirmed_by', models.F('by_hand_by')), _negated=True)",
        "models.Q(('id__gt', 0))",
        HANDS,
    ),
    guard(
        "what goes back by hand is not sent to the provider",
        "wallet/refunds/sending.py",
        'Refund.objects.filter(state=Refund.State.HELD, by_hand="")',
        "Refund.objects.filter(state=Refund.State.HELD)",
        HANDS,
    ),
]
