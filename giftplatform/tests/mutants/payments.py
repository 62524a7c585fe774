"""The guards of money that comes through Stripe, and how each is taken away."""

from giftplatform.tests.mutants.guards import SETTLEMENT, START, WALLET_TABLES, guard

STRIPE = "wallet/providers/stripe"
TESTS = "wallet/tests/stripe"
WEBHOOKS = f"{TESTS}/test_webhooks.py"
JOURNEYS = f"{TESTS}/test_journeys.py"
BACK = f"{TESTS}/test_giving_back.py"
BOOK = f"{TESTS}/test_reconciliation.py"
BY_HAND = f"{TESTS}/test_movements_by_hand.py"
AT_THE_START = "giftplatform/runtime/payments.py"
FAULTS = "giftplatform/tests/test_faults_webhooks.py"
LATE = "giftplatform/tests/test_faults_money_back.py"
METHODS = f"{TESTS}/test_methods.py"
TOGETHER = f"{TESTS}/test_together.py"
CAPTURING = "wallet/purchases/capturing.py"
QUEUES = "giftplatform/tests/test_queue.py"

GUARDS = [
    guard(
        "stripe: a webhook is signed by one of our secrets",
        f"{STRIPE}/webhooks.py",
        "if not any(_signed(body, header, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):",
        "if False:",
        WEBHOOKS,
    ),
    guard(
        "stripe: a webhook is not older than five minutes",
        f"{STRIPE}/webhooks.py",
        "verify_header(body, header, secret, TOLERANCE_S)",
        "verify_header(body, header, secret, None)",
        WEBHOOKS,
    ),
    guard(
        "stripe: a webhook is not from the future",
        f"{STRIPE}/webhooks.py",
        "return int(moment) <= time.time() + TOLERANCE_S",
        "return int(moment) > 0",
        WEBHOOKS,
    ),
    guard(
        "stripe: a webhook is of our mode",
        f"{STRIPE}/webhooks.py",
        ' or event["livemode"] is not (not settings.SANDBOX)',
        "",
        WEBHOOKS,
    ),
    guard(
        "stripe: a webhook is of our account",
        f"{STRIPE}/webhooks.py",
        'if event.get("account") or event.get("context"):',
        "if False:",
        WEBHOOKS,
    ),
    guard(
        "stripe: the amount is what was received",
        f"{STRIPE}/mapping.py",
        "    if paid and intent:",
        "    if False and intent:",
        JOURNEYS,
    ),
    guard(
        "stripe: session and payment name one order",
        f"{STRIPE}/mapping.py",
        'return named.pop() if len(named) == 1 else ""',
        'return session.client_reference_id or ""',
        JOURNEYS,
    ),
    guard(
        "stripe: an order opens one session",
        f"{STRIPE}/provider.py",
        'key = f"purchase:{purchase.public_id}" + ',
        'key = f"purchase:{datetime.now().timestamp()}" + ',
        JOURNEYS,
    ),
    guard(
        "orders that are credited together move by compare-and-set",
        CAPTURING,
        " WHERE p.id = paid.id AND p.state = paid.before",
        " WHERE p.id = paid.id",
        TOGETHER,
    ),
    guard(
        "orders that are credited together move along the written steps",
        CAPTURING,
        " or not all(purchase.may_move(PAID) for purchase in purchases)",
        "",
        TOGETHER,
    ),
    guard(
        "an order that cannot be credited keeps up no other",
        SETTLEMENT,
        "        for each in told:\n            _settle_or_put_off([each])\n",
        "",
        TOGETHER,
    ),
    guard(
        "fraud: orders of one card in a batch are counted one after another",
        SETTLEMENT,
        'names = {("fan", purchase.user_id), ("card", payment.card or purchase.pk)}',
        'names = {("fan", purchase.user_id)}',
        TOGETHER,
    ),
    guard(
        "fraud: orders of one fan in a batch are counted one after another",
        SETTLEMENT,
        'names = {("fan", purchase.user_id), ("card", payment.card or purchase.pk)}',
        'names = {("card", payment.card or purchase.pk)}',
        TOGETHER,
    ),
    guard(
        "stripe: a refund is made once",
        f"{STRIPE}/provider.py",
        '{"idempotency_key": f"refund:{refund.public_id}"},',
        "{},",
        BACK,
    ),
    guard(
        "stripe: amounts are in stripe's units",
        f"{STRIPE}/amounts.py",
        "return _converted(amount_minor, stripe_unit(currency), sub_unit(currency))",
        "return amount_minor",
        JOURNEYS,
    ),
    guard(
        "stripe: a movement is booked when its row says the same amount",
        "wallet/reconciliation/expected.py",
        ' AND expected.minor = m.source_minor AND expected.currency = m.source_currency"',
        '"',
        BOOK,
    ),
    guard(
        "stripe: a row is booked once: the service",
        "wallet/reconciliation/booking.py",
        " or (movement.about and same.exists())",
        "",
        BOOK,
    ),
    guard(
        "stripe: the audit holds clearing against the provider's book",
        "wallet/reconciliation/checks.py",
        "    clearing_is_what_the_provider_holds,\n    bookings_by_hand_are_their_movements,\n",
        "    bookings_by_hand_are_their_movements,\n",
        "wallet/tests/stripe/test_reconciliation.py",
    ),
    guard(
        "a movement by hand: the proposer confirms nothing: the service",
        "wallet/reconciliation/by_hand.py",
        "    if by.pk == locked.proposed_by_id:\n",
        "    if False:\n",
        BY_HAND,
    ),
    guard(
        "a movement by hand: the proposer confirms nothing: the constraint",
        WALLET_TABLES,
        "models.Q(('state__in', ['booked', 'taken_back']), _negated=True), models.Q("
        "('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), "
        "_negated=True))",
        "models.Q(('state__in', ['booked', 'taken_back']), _negated=True), models.Q("
        "('decided_by__isnull', False), models.Q(('account', ''), _negated=True))",
        BY_HAND,
    ),
    guard(
        "a movement by hand: nobody who was made for it confirms it",
        "wallet/reconciliation/by_hand.py",
        "    refuse_new(by, rights=CONFIRM_RIGHTS, since=locked.proposed_at)\n",
        "",
        BY_HAND,
    ),
    guard(
        "a movement by hand: only accounts that make sense",
        "wallet/reconciliation/by_hand.py",
        "    if account not in accounts_for(locked):\n",
        "    if False:\n",
        BY_HAND,
    ),
    guard(
        "a movement by hand: not while its order may explain it",
        "wallet/reconciliation/by_hand.py",
        "    if undecided(locked):\n",
        "    if False:\n",
        BY_HAND,
    ),
    guard(
        "a movement by hand: our row is looked at again when it is confirmed",
        "wallet/reconciliation/by_hand.py",
        "        _refuse_changed(_open(movement), locked)\n",
        "        pass\n",
        BY_HAND,
    ),
    guard(
        "a movement is booked by hand or by its row: the service",
        "wallet/reconciliation/booking.py",
        "if movement.booked_at or movement.by_hand or (",
        "if movement.booked_at or (",
        BY_HAND,
    ),
    guard(
        "a row that is booked by hand books no movement by itself",
        "wallet/reconciliation/booking.py",
        "    if MovementBooking.objects.standing().filter(row=row).exists():\n",
        "    if False:\n",
        BY_HAND,
    ),
    guard(
        "live: money goes to stripe itself",
        AT_THE_START,
        "if not sandbox and found.api_base != STRIPE_API:",
        "if False:",
        START,
    ),
    guard(
        "live: a key moves real money, and only there",
        AT_THE_START,
        'if not found.secret_key.startswith((f"sk_{mode}_", f"rk_{mode}_")):',
        "if False:",
        START,
    ),
    guard(
        "live: the sandbox takes no money",
        AT_THE_START,
        "if not sandbox and SANDBOX_PROVIDER in modules:",
        "if False:",
        START,
    ),
    guard(
        "live: money of stripe's test mode is play money",
        "giftplatform/runtime/sandbox_guard.py",
        'paid = Q(provider="stripe", provider_reference__startswith=stripe)',
        "paid = Q(pk=None)",
        START,
    ),
    guard(
        "live: money of a sandbox's bank is play money",
        "giftplatform/runtime/sandbox_guard.py",
        "    yield BankTransfer.objects.filter(statement__sandbox=sandbox, "
        "received_at__isnull=False)\n",
        "",
        START,
    ),
    guard(
        "live: codes of a sandbox are play money",
        "giftplatform/runtime/sandbox_guard.py",
        "    yield CodeBatch.objects.filter(sandbox=sandbox, made_at__isnull=False)\n",
        "",
        START,
    ),
    guard(
        "a sandbox opens no database with real money",
        "giftplatform/runtime/sandbox_guard.py",
        '        return REAL if holds_real_money() else ""\n',
        '        return ""\n',
        START,
    ),
    guard(
        "news are kept once however often they come",
        "wallet/purchases/inbox.py",
        "        ignore_conflicts=True,\n    )",
        "    )",
        FAULTS,
    ),
    guard(
        "money that comes after the end of its order is asked for by the book",
        "wallet/reconciliation/reading.py",
        "    _ask_about(provider, new)\n",
        "",
        LATE,
    ),
    guard(
        "stripe: a method that we name is one of Stripe's",
        f"{STRIPE}/methods.py",
        'Offer("oxxo", "OXXO"',
        'Offer("oxo", "OXXO"',
        METHODS,
    ),
    guard(
        "nobody waits for the job queue",
        "foundation/jobs.py",
        "            self._waiting.put_nowait(message)\n",
        "            current_app.send_task(message[0], args=message[1], retry=False)\n",
        QUEUES,
    ),
]
