"""Writing down what a rule found."""

from datetime import timedelta

from django.db.models.functions import Now

from accounts.models import User
from wallet.models import Purchase, VelocityHit, VelocityRule
from wallet.velocity.counting import Tally
from wallet.velocity.sentences import sentence


def record(
    rule: VelocityRule,
    tally: Tally,
    *,
    user: User,
    purchase: Purchase | None = None,
    trust: str = "",
) -> VelocityHit | None:
    """Write a hit; nothing when the same one is there already and waits for its decision."""
    hit = VelocityHit(
        rule=rule,
        kind=rule.kind,
        action=rule.action,
        said=sentence(rule),
        threshold=rule.threshold,
        window_hours=rule.window_hours,
        counted=tally.counted,
        involved=dict(tally.involved),
        user=user,
        purchase=purchase,
        trust_before=trust,
    )
    made = VelocityHit.objects.bulk_create([hit], ignore_conflicts=True)[0]
    return VelocityHit.objects.filter(public_id=made.public_id).first()


def cleared(rule: VelocityRule, user: User) -> bool:
    """Return whether a person decided that this is well for this account, within the window."""
    since = Now() - timedelta(hours=rule.window_hours)
    fine = [VelocityHit.Decision.DISMISSED, VelocityHit.Decision.RELEASED]
    known = VelocityHit.objects.filter(user=user, rule=rule, decided_at__gte=since)
    return known.filter(decision__in=fine, purchase=None).exists()
