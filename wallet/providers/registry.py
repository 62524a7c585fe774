"""Which providers this site uses: one folder or module each, named in the settings."""

from importlib import import_module

from django.conf import settings

from accounts.models import Region
from wallet.providers.base import Method, Provider, ProviderOff


def providers() -> list[Provider]:
    """Return the providers in use, in the settings' order."""
    return [import_module(f"{path}.provider").provider for path in settings.PAYMENT_PROVIDERS]


def named(name: str) -> Provider:
    """Return one provider. Raises `ProviderOff`."""
    for provider in providers():
        if provider.name == name:
            return provider
    raise ProviderOff


def methods(*, region: Region, amount_minor: int) -> list[tuple[Provider, Method]]:
    """Return every way to pay an amount in a region, with who takes it."""
    return [
        (provider, method)
        for provider in providers()
        for method in provider.methods(
            region=region, currency=region.currency, amount_minor=amount_minor
        )
    ]


def taking(method: str, *, region: Region, amount_minor: int) -> Provider:
    """Return who takes this method for this amount. Raises `ProviderOff`."""
    for provider, offered in methods(region=region, amount_minor=amount_minor):
        if offered.slug == method:
            return provider
    raise ProviderOff
