"""The month of a fan: coins from opening to closing, money with its documents; by email, too."""
