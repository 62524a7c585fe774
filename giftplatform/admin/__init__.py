"""The admin of what joins the apps, and of Django's own tables."""

from giftplatform.admin import events, groups, log, people

__all__ = ["events", "groups", "log", "people"]
