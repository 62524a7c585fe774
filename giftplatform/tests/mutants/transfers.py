"""The guards of money that comes by bank transfer, and how each is taken away."""

from giftplatform.tests.mutants.guards import guard

TABLES = "wallet/migrations/0001_initial.py"
MATCHING = "wallet/tests/transfers/test_matching.py"
REVIEW = "wallet/tests/transfers/test_review.py"
TAKEN_BACK = "wallet/tests/transfers/test_taken_back.py"
FILES = "wallet/tests/transfers/test_tables.py"
PAGES = "wallet/tests/transfers/test_pages.py"
FOLDER = "payouts/tests/test_statement_files.py"
FAULTS = "giftplatform/tests/test_faults_transfers.py"

GUARDS = [
    guard(
        "a bank transfer counts only for what its order lacks",
        "wallet/transfers/rules.py",
        "    return Decision(lacking, Kind.SURPLUS if facts.amount_minor > lacking else None)\n",
        "    return Decision(facts.amount_minor)\n",
        MATCHING,
    ),
    guard(
        "a bank transfer for a paid order goes back",
        "wallet/transfers/rules.py",
        "    if facts.paid or lacking <= 0:\n",
        "    if False:\n",
        MATCHING,
    ),
    guard(
        "a bank transfer in another currency waits for a person",
        "wallet/transfers/matching.py",
        "order is not None and order.currency != transfer.currency",
        "False",
        MATCHING,
    ),
    guard(
        "an order is locked while a bank transfer is counted for it",
        "wallet/transfers/matching.py",
        "    return Purchase.objects.select_for_update(no_key=True).get(pk=pk)\n",
        "    return Purchase.objects.get(pk=pk)\n",
        FAULTS,
    ),
    guard(
        "a booking that two statements name comes once",
        "wallet/transfers/intake.py",
        '            return f"ref:{reference}',
        '            return f"ref:{row.number}{id(row)}{reference}',
        MATCHING,
    ),
    guard(
        "money of a bank transfer sender on hold brings no coins",
        "wallet/transfers/matching.py",
        "        Why.SENDER: is_held(transfer),\n",
        "        Why.SENDER: False,\n",
        REVIEW,
    ),
    guard(
        "who matched or uploaded a bank transfer does not approve it: the service",
        "wallet/transfers/review.py",
        "    if by.pk in {locked.decided_by_id, locked.uploaded_by_id}:\n",
        "    if False:\n",
        REVIEW,
    ),
    guard(
        "who matched a bank transfer does not approve it: the constraint",
        TABLES,
        "models.Q(('approved_by', models.F('decided_by')), _negated=True)",
        "models.Q(('currency', ''), _negated=True)",
        REVIEW,
    ),
    guard(
        "who uploaded a bank transfer does not approve it: the constraint",
        TABLES,
        "models.Q(('approved_by', models.F('uploaded_by')), _negated=True)",
        "models.Q(('currency', ''), _negated=True)",
        REVIEW,
    ),
    guard(
        "who ordered a bank transfer back does not confirm it: the service",
        "wallet/transfers/giving_back.py",
        "    if by.pk == locked.ordered_by_id:\n",
        "    if False:\n",
        REVIEW,
    ),
    guard(
        "who ordered a bank transfer back does not confirm it: the constraint",
        TABLES,
        "models.Q(('sent_by', models.F('ordered_by')), _negated=True)",
        "models.Q(('currency', ''), _negated=True)",
        REVIEW,
    ),
    guard(
        "a bank transfer account of another row is noticed",
        "wallet/transfers/payers.py",
        "    if whose != str(transfer.public_id):\n",
        "    if False:\n",
        REVIEW,
    ),
    guard(
        "a reversed bank transfer credits nobody",
        "wallet/transfers/intake.py",
        "        if row.reversal and not row.credit:\n",
        "        if False:\n",
        TAKEN_BACK,
    ),
    guard(
        "a table of bank transfers has amounts and no formulas",
        "foundation/bank_files/csv_rows.py",
        "    if amount is None or not minor:\n",
        "    if amount is None:\n",
        FILES,
    ),
    guard(
        "the bank that sends test transfers exists in sandboxes only",
        "wallet/views/sandbox_transfer.py",
        "    if not settings.SANDBOX:\n",
        "    if False:\n",
        PAGES,
    ),
    guard(
        "a returned payout is no bank transfer of a fan",
        "payouts/statements/bank_statements.py",
        "        ours |= {row.number for row in some if row.payment in known}\n",
        "",
        FOLDER,
    ),
]
