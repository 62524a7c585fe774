"""Evidence for a dispute: what our rows say about a payment, for the buyer's bank."""
