"""Which rules hold where."""

from collections.abc import Iterable

from accounts.models import Country, User
from accounts.reference_data import reference_data
from wallet.models import VelocityRule

Action = VelocityRule.Action


def in_force(
    user: User, *, actions: Iterable[str], of_creators: bool = False
) -> list[VelocityRule]:
    """Return the rules that hold for a person.

    Where the person's region has a rule of a kind and an action, the one of everywhere is silent,
    even when the region's is switched off.
    """
    country = Country.objects.of_code(user.country_id or "")
    region = country.region_id if country else None
    return of_region(region, actions=actions, of_creators=of_creators)


def of_region(
    region: str | None, *, actions: Iterable[str], of_creators: bool = False
) -> list[VelocityRule]:
    """Return the rules that hold for the people of a region."""
    places, wanted = {None, region}, set(actions)
    by_place: dict[tuple[str, str], VelocityRule] = {}
    for rule in _rules():
        if rule.region_id not in places or rule.action not in wanted:
            continue
        if rule.of_creators != of_creators:
            continue
        place = (rule.kind, rule.action)
        if rule.region_id or place not in by_place:
            by_place[place] = rule
    return [rule for rule in by_place.values() if rule.active]


@reference_data
def _rules() -> list[VelocityRule]:
    return list(VelocityRule.objects.select_related("region"))
