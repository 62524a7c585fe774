"""The guards of auto top-up and of limits, and how each is taken away."""

from giftplatform.tests.mutants.guards import Edit, Guard, guard

RULES = "wallet/agreements/rules.py"
CHARGING = "wallet/agreements/charging.py"
TABLES = "wallet/migrations/0001_initial.py"
SQL = "wallet/sql/top_ups.sql"
LIMITS = "accounts/sql/limits.sql"
RUNNING = "wallet/tests/top_ups/test_running.py"
RACES = "wallet/tests/top_ups/test_races.py"
PAGES = "wallet/tests/top_ups/test_pages.py"
ONE_PLACE = "wallet/tests/test_limits_api.py"

GUARDS = [
    guard(
        "auto top-up buys only after a gift",
        RULES,
        " or not spent_since(user, agreed.on_at):",
        ":",
        RUNNING,
    ),
    guard(
        "auto top-up keeps to the month: the service",
        RULES,
        "        if left >= agreed.total_minor:\n            raise NotNow(until)\n",
        "",
        RUNNING,
    ),
    guard(
        "auto top-up keeps to the month: the database",
        SQL,
        "IF spent + NEW.total_minor > agreed.month_minor THEN",
        "IF false THEN",
        RUNNING,
    ),
    guard(
        "auto top-up keeps to so many a day: the service",
        RULES,
        "    if len(today) >= most:\n",
        "    if False:\n",
        RUNNING,
    ),
    guard(
        "auto top-up keeps to so many a day: the database",
        SQL,
        "IF today >= (SELECT top_ups_a_day FROM wallet_spendingpolicy) THEN",
        "IF false THEN",
        RUNNING,
    ),
    guard(
        "auto top-up keeps to what was agreed: the database",
        SQL,
        "IF agreed.state <> 'on' OR",
        "IF false AND",
        RUNNING,
        RACES,
    ),
    guard(
        "what was agreed to stays",
        SQL,
        "BEFORE UPDATE ON wallet_topup",
        "BEFORE UPDATE OF id ON wallet_topup",
        RUNNING,
    ),
    guard(
        "one auto top-up order at a time: the database",
        TABLES,
        "fields=('user',), name='one_open_auto",
        "fields=('id', 'user'), name='one_open_auto",
        RUNNING,
    ),
    guard(
        "money asked back is not bought anew",
        RULES,
        "        raise MoneyAskedBack\n",
        "        pass\n",
        RUNNING,
    ),
    guard(
        "a decline ends auto top-up",
        "wallet/purchases/settlement.py",
        "        outcome.note(purchase, asks_payer=said[purchase.pk].asks_payer)\n",
        "        pass\n",
        RUNNING,
    ),
    guard(
        "an order is charged once: by its key at the provider",
        "wallet/providers/stripe/saving.py",
        '{"idempotency_key": f"purchase:{purchase.public_id}:saved"}',
        "{}",
        RUNNING,
        RACES,
    ),
    guard(
        "nobody is charged who does not agree any more",
        CHARGING,
        "age < CHARGED_WITHIN and _agrees(top_up)",
        "age < CHARGED_WITHIN",
        RUNNING,
    ),
    guard(
        "nobody is charged hours later",
        CHARGING,
        "age < CHARGED_WITHIN and _agrees(top_up)",
        "_agrees(top_up)",
        RUNNING,
    ),
    guard(
        "money taken while its order ended brings its coins",
        "wallet/purchases/buying.py",
        "    elif purchase.top_up_id and not purchase.provider_reference:\n",
        "    elif False:\n",
        RUNNING,
    ),
    guard(
        "auto top-up is turned on by whom it is: the page",
        "wallet/views/top_ups.py",
        "@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types\n",
        "",
        PAGES,
    ),
    guard(
        "auto top-up is turned on by whom it is: the API",
        "wallet/api/top_ups.py",
        "if not proved_lately(request._request):",
        "if False:",
        PAGES,
    ),
    Guard(
        "a card saved too late is removed",
        (
            Edit(
                "wallet/top_ups/agreeing.py",
                "    else:\n        locked.move(SavedMethod.State.REMOVING, due_at=Now())\n",
                "",
            ),
        ),
        (RUNNING,),
    ),
    guard(
        "a limit is never raised at once: the database",
        LIMITS,
        "IF held IS NOT NULL AND",
        "IF false AND",
        ONE_PLACE,
    ),
    guard(
        "a pause stops paying an open order over the API",
        "wallet/api/purchases.py",
        "        refuse_paused(fan)\n",
        "",
        ONE_PLACE,
    ),
]
