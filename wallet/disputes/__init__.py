"""Disputes: a buyer's bank asks money back. Coins freeze, money follows the provider's word."""
