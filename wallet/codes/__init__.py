"""Codes: promotion codes and prepaid cards, made in batches and redeemed once."""
