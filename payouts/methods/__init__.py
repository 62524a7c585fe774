"""Payout methods: the bank accounts that money goes to, checked and encrypted."""
