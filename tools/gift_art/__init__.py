"""Elaborate gift art, drawn by script: `python -m tools.gift_art` writes every Lottie file again."""
