"""Bank transfer: the fan pays to the site's own account, and its bank's statements say so."""
