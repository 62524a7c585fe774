"""The wallet, as staff see it: prices are dated and only go forward, orders are only read."""

from wallet.admin import prices, purchases

__all__ = ["prices", "purchases"]
