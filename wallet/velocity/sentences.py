"""A rule in one plain sentence, as staff read it and as a hit keeps it."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.figures import figure
from foundation.money import money
from wallet.models import VelocityRule

Kind, Action = VelocityRule.Kind, VelocityRule.Action
HOURS_OF_A_DAY = 24
LONGEST = 300  # characters that a hit keeps


def sentence(rule: VelocityRule) -> str:
    """Return what a rule counts, from when on, where, and what happens then."""
    what = WHAT[Kind(rule.kind)](rule)
    where = _(", in %(region)s") % {"region": rule.region} if rule.region_id else ""
    said = _("%(what)s within %(window)s%(where)s: %(then)s.") % {
        "what": what,
        "window": window(rule.window_hours),
        "where": where,
        "then": then(rule),
    }
    return said[:LONGEST]


def window(hours: int) -> str:
    """Return a span as people say it: in days from two days on."""
    days, rest = divmod(hours, HOURS_OF_A_DAY)
    if rest or days < 2:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": figure(hours)}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": figure(days)}


def then(rule: VelocityRule) -> str:
    """Return what happens to what a rule finds."""
    if rule.action == Action.FLAG:
        return _("tell staff")
    if rule.of_creators:
        return _("hold the creator's diamonds")
    return _("refuse the order") if rule.action == Action.BLOCK else _("hold the order")


def _cards(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s card on one account",
            "More than %(n)s cards on one account",
            rule.threshold,
        ),
        rule,
    )


def _accounts_per_card(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s account paying with one card",
            "More than %(n)s accounts paying with one card",
            rule.threshold,
        ),
        rule,
    )


def _accounts_per_device(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s account in one browser",
            "More than %(n)s accounts in one browser",
            rule.threshold,
        ),
        rule,
    )


def _accounts_per_network(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s account in one network",
            "More than %(n)s accounts in one network",
            rule.threshold,
        ),
        rule,
    )


def _failed(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s failed payment on one account",
            "More than %(n)s failed payments on one account",
            rule.threshold,
        ),
        rule,
    )


def _countries(rule: VelocityRule) -> str:
    return _counted(
        ngettext(
            "More than %(n)s country of one account and its cards",
            "More than %(n)s countries of one account and its cards",
            rule.threshold,
        ),
        rule,
    )


def _counted(words: str, rule: VelocityRule) -> str:
    return words % {"n": figure(rule.threshold)}


def _new_spending(rule: VelocityRule) -> str:
    return _("More than %(money)s bought by an account younger than %(age)s") % {
        "money": dollars(rule.threshold),
        "age": _age(rule),
    }


def _fan_to_creator(rule: VelocityRule) -> str:
    return _("More than %(money)s sent by one fan to one creator") % {
        "money": dollars(rule.threshold)
    }


def _shared(rule: VelocityRule) -> str:
    return _income(rule, _("from accounts with the creator's own browser, card or bank account"))


def _linked(rule: VelocityRule) -> str:
    return _income(rule, _("from fans who share a browser or a card with another"))


def _young(rule: VelocityRule) -> str:
    return _income(rule, _("from accounts younger than %(age)s") % {"age": _age(rule)})


def _income(rule: VelocityRule, source: str) -> str:
    facts = {
        "percent": figure(rule.threshold),
        "source": source,
        "least": dollars(rule.least_usd),
    }
    if rule.least_usd:
        words = _("More than %(percent)s%% of a creator's income of %(least)s or more %(source)s")
        return words % facts
    return _("More than %(percent)s%% of a creator's income %(source)s") % facts


def _age(rule: VelocityRule) -> str:
    days = rule.account_days or 0
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": figure(days)}


def dollars(usd: int) -> str:
    """Return whole US dollars as people read them."""
    return str(money(usd * 100, "USD"))


WHAT: dict[VelocityRule.Kind, Callable[[VelocityRule], str]] = {
    Kind.CARDS_PER_ACCOUNT: _cards,
    Kind.ACCOUNTS_PER_CARD: _accounts_per_card,
    Kind.ACCOUNTS_PER_DEVICE: _accounts_per_device,
    Kind.ACCOUNTS_PER_NETWORK: _accounts_per_network,
    Kind.FAILED_PAYMENTS: _failed,
    Kind.NEW_ACCOUNT_SPENDING: _new_spending,
    Kind.COUNTRIES: _countries,
    Kind.FAN_TO_CREATOR: _fan_to_creator,
    Kind.SHARED_WITH_FANS: _shared,
    Kind.LINKED_FANS: _linked,
    Kind.YOUNG_FANS: _young,
}


def found(kind: str, counted: int) -> str:
    """Return what was counted, with its unit."""
    if kind in VelocityRule.IN_DOLLARS:
        return dollars(counted)
    return f"{figure(counted)}%" if kind in VelocityRule.IN_PERCENT else figure(counted)
