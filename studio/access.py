"""Access to the studio, and the invitation that people who are no creators get instead."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.ages import is_old_enough, reaches
from accounts.creators import NotACreator
from accounts.models import User
from accounts.requests import AuthedRequest
from accounts.services import creator_age
from foundation.requests import PageRequest, way_back
from gifts.models import GiftPolicy
from payouts.requests.quotes import smallest_payout
from studio.forms.join import CreatorForm
from wallet.models import RateCard
from wallet.prices import pricing
from wallet.prices.diamonds import quote
from wallet.views.coins import FAVOURITE_COINS, buyer_country


def creators_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let creators in; invite other people to become one, and lead them to this page then.

    Raises `NotACreator` where there is no page to show the invitation on.
    """

    @wraps(view)
    def guarded(request: AuthedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_creator:
            return view(request, *args, **kwargs)
        if request.method != "GET" or request.htmx:
            raise NotACreator
        page = invitation(request, CreatorForm(), back=request.get_full_path())
        page["X-Error-Code"] = NotACreator.code
        return page

    return guarded


def invitation(
    request: PageRequest, form: CreatorForm, *, back: str, status: int = 200
) -> HttpResponse:
    """Return the page about becoming a creator, which leads on to the page `back`.

    It says what one earns at the prices of the reader's country and what is asked when.
    """
    country = buyer_country(request)
    age = creator_age(country)
    born = request.user.date_of_birth if isinstance(request.user, User) else None
    context = {
        "form": form,
        "back": way_back(request, back, ""),
        "offer": pricing.quote_for_coins(FAVOURITE_COINS, country),
        "country": country,
        "age": age,
        "origin_known": born is not None,
        "old_enough_on": reaches(born, age) if born and not is_old_enough(born, age) else None,
        "policy": GiftPolicy.current(),
        "least": quote(
            diamonds=smallest_payout(RateCard.objects.current()), currency=country.region.currency
        ).amount,
    }
    return render(request, "studio/join.html", context, status=status)
