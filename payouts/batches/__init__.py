"""Bank files: the payouts that leave together."""
