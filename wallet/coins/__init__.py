"""Coins: what a fan has, how it came, and when spent coins become revenue."""
