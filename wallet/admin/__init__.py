"""The wallet, as staff see it: prices are dated and only go forward, money is only read."""

from wallet.admin import books, prices, purchases

__all__ = ["books", "prices", "purchases"]
