"""Auto top-up: what a fan agrees to, the card that the provider keeps, the orders it places."""
