"""Uploads are drawn once, by a worker, before a gift shows them."""
