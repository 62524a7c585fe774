"""Variables for every template."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from wallet.coins.balance import SPENDABLE, coin_balance


def site(request: HttpRequest) -> dict[str, object]:
    """Return what any page may show.

    `SANDBOX` puts the banner on every page; `my_coins` is what the reader can spend, `my_bonus`
    the bonus coins among them, read when a page shows them and once for all its places.
    """

    @cache
    def held() -> dict[str, int]:
        return coin_balance(request.user) if isinstance(request.user, User) else {}

    def my_coins() -> int | None:
        return sum(held()[kind] for kind in SPENDABLE) if held() else None

    def my_bonus() -> int:
        return held().get("bonus_coins", 0)

    return {"SANDBOX": settings.SANDBOX, "my_coins": my_coins, "my_bonus": my_bonus}
