"""People."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, regions, ages, limits people set themselves."""

    name = "accounts"
