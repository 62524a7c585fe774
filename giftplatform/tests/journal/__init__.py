"""The journal in random order: a plain model of the world, and rules that move it and the site."""
