"""The API of the wallet, as its pages do it."""
