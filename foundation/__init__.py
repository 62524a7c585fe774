"""What every app stands on: it imports none of them."""
