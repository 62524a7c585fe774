"""The guards of disputes and of the gifts that they take back, and how each is taken away."""

from giftplatform.tests.mutants.guards import guard

BOOKING = "wallet/disputes/booking.py"
REPORTS = "wallet/disputes/reports.py"
FOLLOW = "gifts/clawback/follow.py"
WINDOW = "gifts/clawback/window.py"
TOLD = ("wallet/tests/disputes/test_reports.py",)
RACES = ("wallet/tests/disputes/test_races.py",)
EVIDENCE = ("wallet/tests/disputes/test_evidence.py",)
GIFTS = ("gifts/tests/clawback/test_follow.py",)
GIFT_RACES = ("gifts/tests/clawback/test_races.py",)
DEBTS = ("payouts/tests/test_debts.py",)

GUARDS = [
    guard(
        "coins that a dispute counts as unspent are not spent meanwhile",
        REPORTS,
        "        lock_coins(purchase.user_id)\n",
        "",
        *RACES,
    ),
    guard(
        "a dispute freezes the coins of its own order alone",
        REPORTS,
        "coins = min(unused_coins(purchase), dispute.coins - dispute.held_coins)",
        "coins = unused_coins(purchase)",
        *TOLD,
    ),
    guard(
        "what is decided stays decided",
        REPORTS,
        "    if not dispute.is_open:\n        _charge(dispute, theirs)\n",
        "    if False:\n",
        *TOLD,
    ),
    guard(
        "an inquiry moves no money",
        REPORTS,
        "if dispute.inquiry and not _is_inquiry(theirs):",
        "if dispute.inquiry:",
        *TOLD,
    ),
    guard(
        "refunded and disputed stay within the price",
        REPORTS,
        "covered = min(dispute.amount_minor, left)",
        "covered = dispute.amount_minor",
        *TOLD,
    ),
    guard(
        "a lost dispute gives back no more tax than the rules say",
        BOOKING,
        "TaxBack.NONE: 0,",
        "TaxBack.NONE: worth.tax_minor,",
        *TOLD,
    ),
    guard(
        "who disputes a payment cannot buy",
        "wallet/purchases/buying.py",
        "            refuse_while_disputed(user)\n",
        "",
        *TOLD,
    ),
    guard(
        "evidence is handed in once",
        "wallet/evidence/handing_in.py",
        "if dispute.evidence.exists():",
        "if False:",
        *EVIDENCE,
    ),
    guard(
        "a frozen gift is not released",
        "gifts/models/sent.py",
        "waiting.filter(frozen=False, withheld_diamonds",
        "waiting.filter(withheld_diamonds",
        *GIFTS,
    ),
    guard(
        "a frozen gift is not undone",
        "gifts/sending/services.py",
        " or gift.released_at or gift.frozen:",
        " or gift.released_at:",
        *GIFTS,
    ),
    guard(
        "gifts that are to be frozen are not released meanwhile",
        WINDOW,
        '.select_for_update(of=("self",))',
        "",
        *GIFT_RACES,
    ),
    guard(
        "of two workers one follows a dispute",
        "gifts/clawback/causes.py",
        "FollowedDispute.objects.select_for_update()",
        "FollowedDispute.objects",
        *GIFT_RACES,
    ),
    guard(
        "only the part of a gift that disputed coins paid is taken",
        WINDOW,
        "share = min(coins - taken.get(pk, 0), left)",
        "share = gifts[pk].coins",
        *GIFTS,
    ),
    guard(
        "a gift that two disputes touch waits for both",
        FOLLOW,
        "SentGift.objects.filter(~Exists(others), pk__in=mine)",
        "SentGift.objects.filter(pk__in=mine)",
        *GIFTS,
    ),
    guard(
        "released diamonds are owed only where the rules say so",
        FOLLOW,
        "if cause.creator_bears:",
        "if True:",
        *GIFTS,
    ),
    guard(
        "what a lost dispute took is not released later",
        "gifts/earnings/release.py",
        'LEFT = F("diamonds") - F("withheld_diamonds")',
        'LEFT = F("diamonds") + 0',
        *GIFTS,
    ),
    guard(
        "a debt goes off with the next payout",
        "payouts/requests/services.py",
        "*([debt] if debt.amount else []),",
        "",
        *DEBTS,
    ),
    guard(
        "what is owed cannot be taken out",
        "wallet/prices/diamonds.py",
        "max(held[released] - held[owed], 0)",
        "held[released]",
        *DEBTS,
    ),
]
