"""Stripe: Checkout Sessions, refunds, disputes and the account's book. Its words end here."""
