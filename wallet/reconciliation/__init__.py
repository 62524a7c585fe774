"""Reconciliation: the provider's book beside ours, to the cent."""
