"""Prepaid cards behind the protocol of payment providers: the operator sold them, elsewhere."""
