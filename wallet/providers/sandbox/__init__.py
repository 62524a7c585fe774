"""The sandbox provider: a pay page of our own that moves no money. Exists in sandbox mode only."""
