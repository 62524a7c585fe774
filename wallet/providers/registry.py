"""Which providers this site uses: one folder or module each, named in the settings."""

from importlib import import_module

from django.conf import settings

from accounts.models import Country
from wallet.providers.base import FarAway, Method, Provider, ProviderOff, SavesMethods
from wallet.providers.prepaid.provider import provider as prepaid


def providers() -> list[Provider]:
    """Return the providers in use, in the settings' order."""
    return [import_module(f"{path}.provider").provider for path in settings.PAYMENT_PROVIDERS]


def named(name: str) -> Provider:
    """Return one provider; prepaid cards are one wherever they exist. Raises `ProviderOff`."""
    for provider in (*providers(), prepaid):
        if provider.name == name:
            return provider
    raise ProviderOff


def far_away(name: str) -> FarAway | None:
    """Return a provider if it is asked over the network, and so by several threads at once."""
    far = (provider for provider in providers() if isinstance(provider, FarAway))
    return next((provider for provider in far if provider.name == name), None)


def methods(*, country: Country, amount_minor: int) -> list[tuple[Provider, Method]]:
    """Return every way to pay an amount from a country, with who takes it.

    Of two providers that offer the same one, the first in the settings takes it.
    """
    found: dict[str, tuple[Provider, Method]] = {}
    for provider in providers():
        for method in provider.methods(
            country=country, currency=country.region.currency, amount_minor=amount_minor
        ):
            found.setdefault(method.slug, (provider, method))
    return list(found.values())


def taking(method: str, *, country: Country, amount_minor: int) -> Provider:
    """Return who takes this method for this amount. Raises `ProviderOff`."""
    for provider, offered in methods(country=country, amount_minor=amount_minor):
        if offered.slug == method:
            return provider
    raise ProviderOff


def saving(*, country: Country, amount_minor: int) -> tuple[SavesMethods, Method] | None:
    """Return who keeps a method for this amount and charges it later, and which; the first one."""
    for provider in providers():
        if isinstance(provider, SavesMethods):
            currency = country.region.currency
            for method in provider.savable(
                country=country, currency=currency, amount_minor=amount_minor
            ):
                return provider, method
    return None


def saves() -> bool:
    """Return whether any provider of this site keeps methods."""
    return any(isinstance(provider, SavesMethods) for provider in providers())


def keeping(name: str) -> SavesMethods:
    """Return the provider that keeps saved methods under this name. Raises `ProviderOff`."""
    provider = named(name)
    if not isinstance(provider, SavesMethods):
        raise ProviderOff
    return provider
