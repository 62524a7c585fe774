"""What a person decides about orders and creators that a rule found."""
