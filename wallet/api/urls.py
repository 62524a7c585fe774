"""The addresses of the wallet's API."""

from django.urls import path

from wallet.api import (
    balance,
    documents,
    limits,
    purchases,
    rates,
    redemptions,
    refunds,
    top_ups,
)

urlpatterns = [
    path("wallet/", balance.wallet, name="api_wallet"),
    path("wallet/history/", balance.wallet_history, name="api_wallet_history"),
    path("wallet/auto-top-up/", top_ups.top_up, name="api_top_up"),
    path("wallet/limits/", limits.limits, name="api_limits"),
    path("wallet/pause/", limits.pause, name="api_pause"),
    path("bundles/", purchases.bundles, name="api_bundles"),
    path("purchases/", purchases.orders, name="api_purchases"),
    path("purchases/<uuid:public_id>/", purchases.order, name="api_purchase"),
    path("purchases/<uuid:public_id>/refunds/", refunds.refunds, name="api_refunds"),
    path("purchases/<uuid:public_id>/cancel/", purchases.cancel, name="api_purchase_cancel"),
    path("documents/<uuid:public_id>/pdf/", documents.pdf, name="api_document_pdf"),
    path("redemptions/", redemptions.redemptions, name="api_redemptions"),
    path("rates/", rates.rates, name="api_rates"),
]
