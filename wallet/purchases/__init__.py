"""Purchases: from the order to the receipt."""
