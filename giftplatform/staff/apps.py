"""Puts our staff site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    """The admin app, with our site."""

    default_site = "giftplatform.staff.site.StaffSite"
