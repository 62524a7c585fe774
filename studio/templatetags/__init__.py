"""Tags of the studio."""
