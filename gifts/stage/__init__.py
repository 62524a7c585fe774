"""The stage on which gifts play: what staff upload for it, and previews."""
