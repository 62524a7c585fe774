"""Scripts that stand outside the site: they draw its pictures and drive a browser."""
