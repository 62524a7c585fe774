"""Moments in templates."""

from django import template

from foundation import moments

register = template.Library()
register.filter("moment", moments.moment)
