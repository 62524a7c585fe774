"""Amounts of money and offers, as the API writes them."""

from typing import Any

from rest_framework import serializers

from foundation.money import Money, exact
from wallet.prices.quotes import Quote


class AmountSerializer(serializers.Serializer[Any]):
    """An amount of money: a decimal in a string, with its currency's digits or more."""

    amount = serializers.SerializerMethodField()
    currency = serializers.CharField(source="currency.code")

    def get_amount(self, money: Money) -> str:
        """Return the decimal, exactly, never a float."""
        return exact(money)


class OfferSerializer(serializers.Serializer[Any]):
    """A pack and where its price goes: tax, fee, platform and creator add up to the total."""

    bundle = serializers.IntegerField(source="bundle.pk")
    coins = serializers.IntegerField()
    total = AmountSerializer()
    net = AmountSerializer()
    tax = AmountSerializer()
    tax_name = serializers.CharField()
    tax_rate_bp = serializers.IntegerField(help_text="Hundredths of a percent.")
    per_coin = AmountSerializer()
    fee = AmountSerializer(help_text="What the payment service is expected to take.")
    platform = AmountSerializer()
    creator_gets = AmountSerializer()
    bonus_coins = serializers.SerializerMethodField(
        help_text="Bonus coins that a promotion adds now."
    )

    def get_bonus_coins(self, offer: Quote) -> int:
        """Return the bonus of the best promotion."""
        best = self.context["promotions"].best(offer)
        return best.coins if best else 0
