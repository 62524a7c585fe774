"""The addresses of wallet."""

from django.urls import path

from wallet.views import coins, orders, rates, sandbox, wallet, webhooks

app_name = "wallet"
urlpatterns = [
    path("coins/", coins.coins, name="coins"),
    path("coins/quote/", coins.custom, name="custom"),
    path("coins/checkout/", coins.checkout, name="checkout"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:public_id>/", orders.order, name="order"),
    path("orders/<uuid:public_id>/progress/", orders.progress, name="order_progress"),
    path("orders/<uuid:public_id>/pay/", orders.pay, name="order_pay"),
    path("orders/<uuid:public_id>/receipt/", orders.receipt, name="receipt"),
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/history/", wallet.history, name="history"),
    path("wallet/balance/", wallet.balance, name="balance"),
    path("wallet/limits/", wallet.limits, name="limits"),
    path("rates/", rates.rates, name="rates"),
    path("webhooks/<slug:provider>/", webhooks.receive, name="webhook"),
    path("sandbox/pay/<uuid:reference>/", sandbox.pay, name="sandbox_pay"),
    path("sandbox/bank/<uuid:reference>/", sandbox.bank, name="sandbox_bank"),
]
