"""A creator's earnings: release from the hold, totals, the statement."""
