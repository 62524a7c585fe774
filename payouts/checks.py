"""What paying out must prove about its money."""

CHECKS: list[object] = []
