"""Money and people that leave: what a child bought, and accounts that close."""
