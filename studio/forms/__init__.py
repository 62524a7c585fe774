"""What creators type into the studio."""
