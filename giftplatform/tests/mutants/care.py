"""The guards of open orders, limits, pauses and terms, and how each is taken away."""

from giftplatform.tests.mutants.guards import SEND, Edit, Guard, guard

PAUSES = "accounts/sql/pauses.sql"
TERMS = "accounts/sql/terms.sql"
SHOP_TABLES = "wallet/migrations/0001_initial.py"
BUYING = "wallet/purchases/buying.py"
OPEN_ORDERS = "wallet/tests/test_open_orders.py"
ORDER_RACES = "wallet/tests/test_purchase_races.py"
CARE = "wallet/tests/test_care.py"
OWN_LIMITS = "gifts/tests/sending/test_own_limits.py"
PAUSED = "accounts/tests/test_pauses.py"
TERMS_STAY = "accounts/tests/test_terms.py"
ACCEPTED = "wallet/tests/test_terms.py"

GUARDS = [
    guard(
        "one open order per basket: the service looks",
        BUYING,
        "if open_order := same_basket(user, offer):",
        "if open_order := None:",
        OPEN_ORDERS,
    ),
    guard(
        "one open order per basket: the database",
        SHOP_TABLES,
        "fields=('user', 'coins', 'currency', 'total_minor'), name='one_open",
        "fields=('id', 'user', 'coins', 'currency', 'total_minor'), name='one_open",
        OPEN_ORDERS,
    ),
    guard(
        "a payment under way is asked for before an order is cancelled",
        "wallet/purchases/cancelling.py",
        "settlement.known(purchase) in ON_ITS_WAY",
        "False",
        OPEN_ORDERS,
    ),
    guard(
        "a cancelled order whose money comes brings its coins",
        "wallet/models/purchases.py",
        "State.CANCELLED: {State.PAID, State.REVIEW},",
        "State.CANCELLED: set(),",
        OPEN_ORDERS,
    ),
    guard(
        "a pause stops buying",
        "wallet/limits/spending.py",
        "    refuse_paused(user)\n",
        "",
        CARE,
    ),
    guard(
        "a pause stops buying, as the person is under the lock",
        BUYING,
        "    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)\n",
        "    User.objects.select_for_update(no_key=True).get(pk=user.pk)\n",
        CARE,
    ),
    guard(
        "a pause stops paying an open order",
        "wallet/views/orders.py",
        "    refuse_paused(request.user)\n",
        "",
        CARE,
    ),
    guard(
        "a pause stops sending",
        SEND,
        "ELSIF one.paused_until > one.sent_at THEN",
        "ELSIF false THEN",
        OWN_LIMITS,
    ),
    guard(
        "a pause is never shortened",
        PAUSES,
        "NEW.spending_paused_until := OLD.spending_paused_until;",
        "",
        PAUSED,
    ),
    guard(
        "what was asked for as a pause stays",
        PAUSES,
        "RAISE EXCEPTION 'pauses from spending are append-only: % is refused', TG_OP"
        " USING ERRCODE = 'restrict_violation';",
        "RETURN NULL;",
        PAUSED,
    ),
    guard(
        "a limit for one creator: what was sent to others does not count",
        SEND,
        "WHERE z.fan_id = one.fan AND z.undone_at IS NULL AND z.creator_id = o.creator",
        "WHERE z.fan_id = one.fan AND z.undone_at IS NULL",
        OWN_LIMITS,
    ),
    guard(
        "a limit for one creator bounds no other",
        SEND,
        "(i.creator_id IS NULL OR i.creator_id = v.creator)",
        "true",
        OWN_LIMITS,
    ),
    guard(
        "a limit for one creator is looked at",
        SEND,
        "(i.creator_id IS NULL OR i.creator_id = v.creator)",
        "i.creator_id IS NULL",
        OWN_LIMITS,
    ),
    guard(
        "a month has its limit",
        "wallet/limits/spending.py",
        "    yield Bound(Span.MONTH, coins(policy.month_usd), OverLimit)\n",
        "",
        "wallet/tests/test_purchases.py",
    ),
    guard(
        "terms that have begun stay",
        TERMS,
        "IF TG_OP <> 'INSERT' AND OLD.valid_from <= now() THEN",
        "IF false THEN",
        TERMS_STAY,
    ),
    guard(
        "the fingerprint is the text's own",
        TERMS,
        "NEW.sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');",
        "",
        TERMS_STAY,
    ),
    guard(
        "terms that changed are shown before an order",
        "wallet/forms.py",
        'self.cleaned_data["terms"] in {"", Terms.objects.current().version}',
        "True",
        ACCEPTED,
    ),
    Guard(
        "one open order per basket: the fan's lock",
        (
            Edit(
                BUYING,
                "    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)\n",
                "",
            ),
        ),
        (ORDER_RACES,),
    ),
]
