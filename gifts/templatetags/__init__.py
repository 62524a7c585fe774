"""What the gift templates need beyond Django."""
