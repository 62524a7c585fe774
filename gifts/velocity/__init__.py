"""What the rules against fraud count of a creator's income."""
