"""Prices: what coins cost, and where each part of a price goes."""
