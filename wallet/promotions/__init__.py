"""Promotions: what bonus comes with an order, what was promised, and keeping it once."""
