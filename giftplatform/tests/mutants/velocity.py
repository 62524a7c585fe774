"""The guards against fraud, and of what people decide about it, and how each is taken away."""

from giftplatform.tests.mutants.guards import SETTLEMENT, guard

CHECKING = "wallet/velocity/checking.py"
CREATORS = "wallet/velocity/creators.py"
DECIDING = "wallet/reviews/deciding.py"
TRACES = "accounts/traces.py"
SQL = "wallet/sql/velocity.sql"
ADMIN = "wallet/admin/velocity.py"
FILES = "payouts/batches/bank_files.py"
ORDERS = ("wallet/tests/velocity/test_orders.py",)
HOLDS = ("wallet/tests/velocity/test_holds.py",)
EMAILS = ("wallet/tests/velocity/test_hold_emails.py",)
RACES = ("wallet/tests/velocity/test_races.py",)
RULES = ("wallet/tests/velocity/test_rules.py",)
PAGES = ("wallet/tests/velocity/test_admin.py",)
SEEN = ("accounts/tests/test_traces.py",)
KEPT = ("wallet/tests/velocity/test_traces.py",)
INCOME = ("gifts/tests/velocity/test_creators.py",)
PAYOUTS = ("payouts/tests/test_fraud_holds.py",)

GUARDS = [
    guard(
        "fraud: what a rule holds is not credited",
        SETTLEMENT,
        "    waiting = checking.held([purchase for purchase, _payment in new])\n",
        "    waiting: set[int] = set()\n",
        *ORDERS,
    ),
    guard(
        "fraud: the database too keeps the coins of a held order back",
        SQL,
        "WHEN (NEW.state = 'paid' AND OLD.state <> 'paid')",
        "WHEN (false)",
        *HOLDS,
    ),
    guard(
        "fraud: a hit is never rewritten",
        SQL,
        "IF TG_OP = 'UPDATE' AND OLD.decision = ''",
        "IF TG_OP = 'UPDATE' AND OLD.decision IS NOT NULL",
        *RULES,
    ),
    guard(
        "fraud: orders of one account are counted one after another",
        CHECKING,
        "    _one_at_a_time(asked)\n",
        "",
        *RACES,
    ),
    guard(
        "fraud: an order that a rule refuses is not placed",
        CHECKING,
        "        raise OrderRefused(refusing)",
        "        return",
        *ORDERS,
    ),
    guard(
        "fraud: an account that a person found well is not refused again",
        CHECKING,
        "if not cleared(each[0], user)",
        "if True",
        *HOLDS,
    ),
    guard(
        "fraud: a hit is decided once",
        DECIDING,
        "    if not hits:\n        raise WrongState\n",
        "",
        *HOLDS,
    ),
    guard(
        "fraud: a large order is not released by one person",
        DECIDING,
        "purchase is None or not above_alone(purchase)",
        "True",
        *HOLDS,
    ),
    guard(
        "fraud: the second person is another one",
        DECIDING,
        "    if hit.proposed_by_id == by.pk:\n",
        "    if False:\n",
        *HOLDS,
    ),
    guard(
        "fraud: a refunded order's coins never reach the fan",
        DECIDING,
        "        requests.give_back(",
        "        (lambda **_: None)(",
        *HOLDS,
    ),
    guard(
        "fraud: a colleague's account is not closed by a hit",
        DECIDING,
        "if wanted == Decision.SUSPENDED and (hit.user.is_staff or hit.user.is_superuser):",
        "if False:",
        *HOLDS,
    ),
    guard(
        "fraud: a decision takes the right to its effect",
        ADMIN,
        "        if not may_decide(request, wanted):\n",
        "        if False:\n",
        *PAGES,
    ),
    guard(
        "fraud: no header of a client says where it is",
        TRACES,
        "get_adapter().get_client_ip(request)",
        'request.headers.get("X-Forwarded-For", "").split(",")[0].strip()'
        ' or request.META["REMOTE_ADDR"]',
        *SEEN,
    ),
    guard(
        "fraud: a browser's name is one that we gave",
        TRACES,
        "        return _SIGNER.unsign(said)\n",
        "        return said\n",
        *SEEN,
    ),
    guard(
        "fraud: digests need the site's key",
        TRACES,
        "hmac.new(_key(), ",
        'hmac.new(b"", ',
        *SEEN,
    ),
    guard(
        "fraud: addresses are cut in time",
        "wallet/velocity/tracing.py",
        "    cut = old.update(ip=None)\n",
        "    cut = 0\n",
        *KEPT,
    ),
    guard(
        "fraud: a hold is lifted by its last hit alone",
        CREATORS,
        "holding(hit.user) or creator.trust_reason != REASON",
        "creator.trust_reason != REASON",
        *INCOME,
    ),
    guard(
        "fraud: a flag that staff set stays",
        CREATORS,
        "holding(hit.user) or creator.trust_reason != REASON",
        "holding(hit.user)",
        *INCOME,
    ),
    guard(
        "fraud: no bank file takes a payout of a creator who is held",
        FILES,
        "unfit(payout.method) or waits_for_decision(payout, held)",
        "unfit(payout.method)",
        *PAYOUTS,
    ),
    guard(
        "fraud: no bank file leaves with a payout of a creator who is held",
        FILES,
        "    refuse_while_to_decide(payouts)\n",
        "",
        *PAYOUTS,
    ),
    guard(
        "fraud: a requested payout of a creator who is held waits",
        "payouts/requests/automatic.py",
        "unfit(payout.method) or waits_for_decision(payout, held_creators([payout]))",
        "unfit(payout.method)",
        *PAYOUTS,
    ),
    guard(
        "a fan is told of no refund that a second person may still reject",
        "wallet/reviews/emails.py",
        "    if Refund.State.PROPOSED in states:\n        return WAITS\n",
        "",
        *EMAILS,
    ),
    guard(
        "a fan is told once that an order is held",
        "wallet/reviews/emails.py",
        "        same.update(due_at=None, sent_at=timezone.now() if went else None)\n",
        "        pass\n",
        *EMAILS,
    ),
]
