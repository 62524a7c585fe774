"""Payout requests: what diamonds are worth, asking for a payout, the weekly payout."""
