"""Elaborate gift art, drawn by script: `python -m gifts.art` writes every Lottie file again."""
