"""The guards of a gift's terms and of its message, and how each is taken away."""

from giftplatform.tests.mutants.guards import GATES, MESSAGES, SEND, WORDS, guard

GUARDS = [
    guard(
        "a gift comes on its first day",
        SEND,
        "ELSIF one.available_from > one.sent_at THEN",
        "ELSIF false THEN",
        GATES,
    ),
    guard(
        "a gift goes on its last day",
        SEND,
        "ELSIF one.retired_at <= one.sent_at THEN",
        "ELSIF false THEN",
        GATES,
    ),
    guard(
        "a gift for some countries is sent from there",
        SEND,
        "ELSIF one.countries <> '{}' AND (one.country = ANY (one.countries)) IS NOT TRUE THEN",
        "ELSIF false THEN",
        GATES,
    ),
    guard(
        "who lives nowhere we know is not from there",
        SEND,
        "(one.country = ANY (one.countries)) IS NOT TRUE THEN",
        "NOT (one.country = ANY (one.countries)) THEN",
        GATES,
    ),
    guard(
        "a supporter level is reached first",
        SEND,
        "IF coalesce(sent_before, 0) < policy.level_coins[one.from_level] THEN",
        "IF false THEN",
        GATES,
    ),
    guard(
        "what was taken back counts for no level",
        SEND,
        "WHERE one.from_level > 0 AND z.fan_id = one.fan AND z.undone_at IS NULL;",
        "WHERE one.from_level > 0 AND z.fan_id = one.fan;",
        GATES,
    ),
    guard(
        "the club is for its members", SEND, "ELSIF one.club_only THEN", "ELSIF false THEN", GATES
    ),
    guard(
        "the club is this creator's",
        SEND,
        "AND z.undone_at IS NULL AND z.creator_id = one.creator LIMIT 1;",
        "AND z.undone_at IS NULL LIMIT 1;",
        GATES,
    ),
    guard(
        "what was taken back opens no club",
        SEND,
        "AND z.undone_at IS NULL AND z.creator_id = one.creator LIMIT 1;",
        "AND z.creator_id = one.creator LIMIT 1;",
        GATES,
    ),
    guard(
        "the club begins with so many coins",
        SEND,
        "AND z.coins >= policy.club_coins AND",
        "AND",
        GATES,
    ),
    guard(
        "the club lasts so many days",
        SEND,
        "AND z.created_at >= one.sent_at - make_interval(days => policy.club_days)",
        "",
        GATES,
    ),
    guard(
        "a message is as long as its gift allows",
        SEND,
        "ELSIF char_length(one.message) > one.message_length THEN",
        "ELSIF false THEN",
        GATES,
    ),
    guard(
        "a fan's own threshold asks first",
        SEND,
        "total >= least(policy.confirm_from, one.own_confirm_from))",
        "total >= policy.confirm_from)",
        GATES,
    ),
    guard(
        "a fan's own threshold never lifts the site's",
        SEND,
        "total >= least(policy.confirm_from, one.own_confirm_from))",
        "total >= coalesce(one.own_confirm_from, policy.confirm_from))",
        GATES,
    ),
    guard(
        "some gifts always ask",
        SEND,
        "ELSIF (one.confirm_twice OR total",
        "ELSIF (total",
        GATES,
    ),
    guard(
        "a message is read before it is sent",
        SEND,
        "IF code IS NULL AND one.message <> '' THEN",
        "IF false THEN",
        MESSAGES,
    ),
    guard(
        "a creator may want no messages",
        WORDS,
        "IF with_gift AND rules.gift_messages IS FALSE THEN",
        "IF false THEN",
        MESSAGES,
    ),
    guard(
        "links need the creator's yes",
        WORDS,
        "ELSIF link AND rules.links IS NOT TRUE THEN",
        "ELSIF false THEN",
        MESSAGES,
    ),
    guard(
        "a creator's words are for their rooms",
        WORDS,
        "w.folded = ANY (words) AND NOT w.starts AND (w.creator_id IS NULL OR"
        " w.creator_id = creator)",
        "w.folded = ANY (words) AND NOT w.starts",
        MESSAGES,
    ),
]
