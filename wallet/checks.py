"""What the shop must prove about its money."""

CHECKS: list[object] = []
