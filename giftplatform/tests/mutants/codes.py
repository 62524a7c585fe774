"""The guards of bonus coins, promotions and codes, and how each is taken away."""

from giftplatform.tests.mutants.guards import WALLET_TABLES, guard

LOTS = "wallet/bonus/lots.py"
VOIDING = "wallet/bonus/voiding.py"
OFFERS = "wallet/promotions/offers.py"
PROMISES = "wallet/promotions/promises.py"
REDEEMING = "wallet/codes/redeeming.py"
TRIES = "wallet/codes/tries.py"
BATCHES = "wallet/codes/batches.py"
BONUS = "wallet/tests/test_bonus.py"
CODES = "wallet/tests/test_codes.py"
RACES = "wallet/tests/test_code_races.py"
BACK = "wallet/tests/test_cards_back.py"

GUARDS = [
    guard(
        "bonus coins end at their end and not before",
        LOTS,
        "if left and lot.expires_at <= timezone.now():",
        "if left:",
        f"{BONUS}::test_a_lot_is_not_taken_before_its_end",
    ),
    guard(
        "bonus coins are not spent while it is counted how many end",
        LOTS,
        "    lock_coins(lot.user_id)\n",
        "",
        f"{RACES}::test_an_expiry_that_comes_while_coins_are_spent_takes_the_rest_at_once",
    ),
    guard(
        "bonus coins that end first are spent first",
        LOTS,
        "ORDER BY expires_at DESC, id DESC",
        "ORDER BY expires_at, id",
        f"{BONUS}::test_what_is_left_belongs_to_the_lots_that_end_last",
    ),
    guard(
        "the bonus of a refunded order is void",
        VOIDING,
        "if wanted > lot.void_coins:",
        "if False:",
        f"{BONUS}::test_the_bonus_of_a_refunded_order_is_void_pro_rata",
    ),
    guard(
        "only unspent bonus coins are void",
        VOIDING,
        "taken = min(wanted - lot.void_coins, unspent_of(lot))",
        "taken = wanted - lot.void_coins",
        f"{BONUS}::test_bonus_coins_that_were_spent_are_not_asked_back",
    ),
    guard(
        "a promotion keeps to its budget",
        OFFERS,
        "self.to_all + coins <= promotion.budget_coins",
        "True",
        f"{BONUS}::test_a_budget_is_promised_before_it_is_granted",
    ),
    guard(
        "one fan gets so many bonus coins",
        OFFERS,
        "and self.to_fan + coins <= promotion.per_fan_coins",
        "and True",
        f"{BONUS}::test_one_fan_gets_so_many_at_most",
    ),
    guard(
        "a first purchase is the first",
        OFFERS,
        "if user.purchases.filter(state=Purchase.State.PAID).exists():",
        "if False:",
        f"{BONUS}::test_whoever_bought_before_the_promotion_began_is_not_new",
        f"{BONUS}::test_a_visitor_is_offered_what_somebody_new_is",
    ),
    guard(
        "a late payment takes no bonus that others were promised",
        PROMISES,
        "if _lapses(bonus, promotion):",
        "if False:",
        f"{BONUS}::test_a_first_purchase_that_was_given_up_lets_the_next_one_be_first",
    ),
    guard(
        "the bonus is the one that was seen",
        PROMISES,
        "if expected is not None and coins < expected:",
        "if False:",
        f"{BONUS}::test_the_bonus_that_was_seen_is_the_one_that_is_promised",
    ),
    guard(
        "a promise is of the promotion as it is under its lock",
        PROMISES,
        "        with held():  # what staff changed while this waited counts\n"
        "            best = _offered(user, offer)\n",
        "        best = _offered(user, offer)\n",
        "wallet/tests/test_promotion_races.py",
    ),
    guard(
        "what was promised comes before what was given up",
        "wallet/purchases/capturing.py",
        "given_up=given_up",
        "given_up=()",
        "wallet/tests/test_promotion_races.py",
    ),
    guard(
        "an order that was made due while its provider was asked stays due",
        "wallet/purchases/settlement.py",
        "    Purchase.objects.filter(pk__in=news).update(due_at=Now())\n",
        "",
        "wallet/tests/stripe/test_news_meanwhile.py",
    ),
    guard(
        "no order expires by an answer that is older than its news",
        "wallet/purchases/settlement.py",
        "        elif purchase.pk not in news:\n",
        "        else:\n",
        "wallet/tests/stripe/test_news_meanwhile.py",
    ),
    guard(
        "the last of a budget is looked at again under its lock",
        PROMISES,
        "        _lock(best.promotion.pk)\n",
        "",
        f"{RACES}::test_the_last_of_a_budget_is_promised_once",
    ),
    guard(
        "a code is used as often as it can be",
        REDEEMING,
        "if row.used >= row.most_uses:",
        "if False:",
        f"{CODES}::test_a_code_is_redeemed_once",
    ),
    guard(
        "a code is redeemed once by a fan",
        REDEEMING,
        "if earlier := Redemption.objects.filter(code=row, user=user).first():",
        "if earlier := Redemption.objects.none().first():",
        f"{CODES}::test_one_code_for_many_is_used_by_each_once_and_so_often",
    ),
    guard(
        "a blocked code is refused",
        REDEEMING,
        "if batch.state == State.BLOCKED:",
        "if False:",
        f"{CODES}::test_an_expired_or_blocked_code_is_refused",
    ),
    guard(
        "a code ends with its last day",
        REDEEMING,
        "if batch.valid_until <= now:",
        "if False:",
        f"{CODES}::test_an_expired_or_blocked_code_is_refused",
    ),
    guard(
        "a code is for its region",
        REDEEMING,
        "if batch.region is not None and batch.region_id != country.region_id:",
        "if False:",
        f"{CODES}::test_a_code_for_another_time_or_place_is_refused",
    ),
    guard(
        "a card keeps to the limits of a purchase",
        REDEEMING,
        "    refuse_over_limit(user, batch.coins)\n",
        "",
        f"{CODES}::test_a_card_keeps_to_the_limits_of_a_purchase",
    ),
    guard(
        "wrong codes of a person are counted",
        TRIES,
        "wrong.filter(user=user).count() >= policy.tries_of_fan",
        "False",
        f"{CODES}::test_wrong_codes_are_counted_of_a_person",
    ),
    guard(
        "wrong codes from an address and of the site are counted",
        TRIES,
        "or wrong.filter(address=address).count() >= policy.tries_of_address",
        "or False",
        f"{CODES}::test_wrong_codes_are_counted_of_an_address_and_of_the_site",
    ),
    guard(
        "a crowd of tries counts itself",
        TRIES,
        "    User.objects.select_for_update(no_key=True).get(pk=user.pk)\n",
        "",
        f"{RACES}::test_a_crowd_of_tries_counts_itself",
    ),
    guard(
        "many codes ask for a second person",
        BATCHES,
        "batch.needs_second = worth_micro_usd(batch) > CodePolicy.current().alone_usd * MICRO",
        "batch.needs_second = False",
        f"{CODES}::test_above_the_limit_another_person_confirms",
    ),
    guard(
        "nobody confirms their own codes",
        BATCHES,
        "if by.pk == locked.created_by_id:",
        "if False:",
        f"{CODES}::test_above_the_limit_another_person_confirms",
    ),
    guard(
        "a code is kept under a key",
        "wallet/codes/alphabet.py",
        "return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()",
        "return hashlib.sha256(text.encode()).hexdigest()",
        f"{CODES}::test_only_a_keyed_digest_is_kept",
    ),
    guard(
        "a fan returns no coins of a card by themselves",
        "wallet/refunds/requests.py",
        "    if locked.is_prepaid:\n        raise refusals.PaidByCard\n",
        "",
        BACK,
    ),
    guard(
        "of a card only what is unspent goes back",
        "wallet/refunds/requests.py",
        "    if purchase.is_prepaid:\n        return min(",
        "    if False:\n        return min(",
        BACK,
    ),
    guard(
        "a refund of a card that left by hand is not turned down",
        "wallet/refunds/requests.py",
        "    if refund.state == State.HELD and (refund.by_hand or not purchase.is_prepaid):\n",
        "    if False:\n",
        BACK,
    ),
    guard(
        "a void card is not redeemed: the service",
        "wallet/codes/redeeming.py",
        "    if row.void_at:\n",
        "    if False:\n",
        BACK,
    ),
    guard(
        "a void card is not redeemed: the constraint",
        WALLET_TABLES,
        "models.Q(('used', 0), ('void_at__isnull', False)",
        "models.Q(('void_at__isnull', False)",
        BACK,
    ),
    guard(
        "a redeemed card is not made void",
        "wallet/codes/batches.py",
        "    if row.used:\n",
        "    if False:\n",
        BACK,
    ),
    guard(
        "bonus coins cost what was converted after them",
        "gifts/earnings/bonus_cost.py",
        " AND s.released_at <= p.created_at",
        "",
        "giftplatform/tests/test_bonus_cost.py",
    ),
    guard(
        "audit: bonus coins are what their steps say",
        "wallet/bonus/checks.py",
        "    bonuses_say_what_their_steps_did,\n    bonuses_have_their_cause,\n",
        "",
        f"{BONUS}::test_the_audit_finds_what_does_not_add_up",
    ),
]
