"""Date formats, where no page has its own."""
