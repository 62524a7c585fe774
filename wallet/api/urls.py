"""The addresses of the wallet's API."""

from django.urls import path

from wallet.api import balance, purchases, rates

urlpatterns = [
    path("wallet/", balance.wallet, name="api_wallet"),
    path("wallet/history/", balance.wallet_history, name="api_wallet_history"),
    path("bundles/", purchases.bundles, name="api_bundles"),
    path("purchases/", purchases.orders, name="api_purchases"),
    path("purchases/<uuid:public_id>/", purchases.order, name="api_purchase"),
    path("rates/", rates.rates, name="api_rates"),
]
