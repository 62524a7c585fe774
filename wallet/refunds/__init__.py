"""Money that goes back: unused coins, who asks, the way through the provider, its reports."""
