"""English: one order for days everywhere, and a clock of 24 hours."""
