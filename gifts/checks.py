"""What sending must prove about its money."""

CHECKS: list[object] = []
