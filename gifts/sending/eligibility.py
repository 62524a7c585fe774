"""Eligibility: whether a fan may send a gift, as the tray says it before `gifts_send` decides."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Country, User
from foundation.money import MICRO
from gifts.models import Gift, GiftPolicy, SentGift
from gifts.sending.refusals import (
    SPANS,
    ClubOnly,
    GiftNotHere,
    GiftNotYet,
    GiftRefused,
    LevelTooLow,
    OverCreatorLimit,
    OverNewFanLimit,
    OverSpendingLimit,
    day_of,
)
from live.chat import words
from wallet.limits.standing import LENGTH, Span
from wallet.models import RateCard, SpendingPolicy


@dataclass(frozen=True)
class NewFanLimit:
    """How many coins one gift of a new fan can cost, and for how many days."""

    most: int
    days: int


class Eligibility:
    """One fan's eligibility for one creator's gifts. Reads only what a gift asks for, once."""

    def __init__(self, fan: User | AnonymousUser, creator: User | None, policy: GiftPolicy) -> None:
        self.fan = fan
        self._creator = creator
        self._policy = policy
        self._now = timezone.now()

    def refusal(self, gift: Gift) -> GiftRefused | None:
        """Return why the fan cannot send it now and what opens it; nothing where they can."""
        policy = self._policy
        if gift.available_from and gift.available_from > self._now:
            return GiftNotYet(gift=gift.name, since=day_of(gift.available_from))
        lives_in = getattr(self.fan, "country_id", None)
        if gift.countries and isinstance(self.fan, User) and lives_in not in gift.countries:
            return GiftNotHere(gift=gift.name)
        needed = policy.coins_for(gift.from_level)
        if needed and self.coins_sent < needed:
            return LevelTooLow(
                gift=gift.name, level=gift.from_level, needed=needed, sent=self.coins_sent
            )
        if gift.club_only and self._creator is not None and not self.in_club:
            return ClubOnly(gift=gift.name, coins=policy.club_coins, days=policy.club_days)
        return self._over_limit(gift.price.coins)

    def _over_limit(self, coins: int) -> GiftRefused | None:
        if self._new_fan_limit is not None and coins > self._new_fan_limit.most:
            return OverNewFanLimit(**vars(self._new_fan_limit))
        for refusal, span, most, used in self._own_limits:
            if used + coins > most:
                return refusal(limit=most, span=SPANS[span], used=used)
        return None

    @cached_property
    def _new_fan_limit(self) -> "NewFanLimit | None":
        if not isinstance(self.fan, User):
            return None
        policy = SpendingPolicy.current()
        if self.fan.date_joined <= self._now - timedelta(days=policy.new_fan_days):
            return None
        coin = RateCard.objects.current().coin_value_micro_usd
        return NewFanLimit(policy.new_fan_gift_usd * MICRO // coin, policy.new_fan_days)

    @cached_property
    def _own_limits(self) -> list[tuple[type[OverSpendingLimit], str, int, int]]:
        """The fan's own limits: refusal, span, coins, and how many of them are sent already."""
        if not isinstance(self.fan, User):
            return []
        mine = SentGift.objects.counted().filter(fan_id=self.fan.pk)
        found = []
        here = Q(creator=None) | Q(creator=self._creator)
        for own in self.fan.spending_limits.filter(here):
            if (most := own.in_force) is None:
                continue
            to = mine.filter(creator_id=own.creator_id) if own.creator_id else mine
            since = LENGTH.get(Span(own.span))
            lately = to.filter(created_at__gte=self._now - since) if since else to.none()
            used = lately.aggregate(coins=Sum("coins"))["coins"] or 0
            refusal = OverCreatorLimit if own.creator_id else OverSpendingLimit
            found.append((refusal, own.span, most, used))
        return found

    @cached_property
    def takes_messages(self) -> bool:
        """Whether the creator accepts messages with gifts."""
        return self._creator is None or words.room_rules_of(self._creator).gift_messages

    @cached_property
    def coins_sent(self) -> int:
        """The coins that the fan ever sent and did not undo."""
        mine = SentGift.objects.counted().filter(fan_id=self.fan.pk)
        return (mine.aggregate(coins=Sum("coins"))["coins"] or 0) if self.fan.pk else 0

    @cached_property
    def in_club(self) -> bool:
        """Whether the fan sent this creator enough lately."""
        lately = self._now - timedelta(days=self._policy.club_days)
        mine = SentGift.objects.counted().filter(
            fan_id=self.fan.pk,
            creator=self._creator,
            created_at__gte=lately,
            coins__gte=self._policy.club_coins,
        )
        return bool(self.fan.pk) and mine.exists()


def terms_of(gift: Gift) -> list[str]:
    """Return the conditions of a gift (dates, countries, level, club), in a few words each."""
    terms = []
    if gift.available_from and gift.available_from > timezone.now():
        terms.append(_("From %(day)s") % {"day": day_of(gift.available_from)})
    if gift.retired_at:
        terms.append(_("Until %(day)s") % {"day": day_of(gift.retired_at)})
    if gift.countries:
        names = Country.objects.filter(pk__in=gift.countries).values_list("name", flat=True)
        terms.append(_("Only in %(countries)s") % {"countries": ", ".join(names)})
    if gift.from_level:
        terms.append(_("From supporter level %(level)s") % {"level": gift.from_level})
    if gift.club_only:
        terms.append(_("For the creator's club"))
    return terms
