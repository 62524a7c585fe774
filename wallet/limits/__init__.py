"""Limits on buying: the site's, and those that people set themselves."""
