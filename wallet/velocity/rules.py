"""Which rules hold where."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from wallet.models import VelocityRule

Action = VelocityRule.Action


def in_force(
    user: User, *, actions: Iterable[str], of_creators: bool = False
) -> list[VelocityRule]:
    """Return the rules that hold for a person.

    Where the person's region has a rule of a kind and an action, the one of everywhere is silent,
    even when the region's is switched off.
    """
    region = user.country.region_id if user.country else None
    return of_region(region, actions=actions, of_creators=of_creators)


def of_region(
    region: str | None, *, actions: Iterable[str], of_creators: bool = False
) -> list[VelocityRule]:
    """Return the rules that hold for the people of a region."""
    found = VelocityRule.objects.filter(
        Q(region=None) | Q(region=region), action__in=list(actions)
    ).select_related("region")
    by_place: dict[tuple[str, str], VelocityRule] = {}
    for rule in found:
        if rule.of_creators != of_creators:
            continue
        place = (rule.kind, rule.action)
        if rule.region_id or place not in by_place:
            by_place[place] = rule
    return [rule for rule in by_place.values() if rule.active]
