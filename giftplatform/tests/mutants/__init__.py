"""Every guard of the money, taken away one at a time: each time a test must fail.

`python -m giftplatform.tests.mutants` works on a copy of the tree and prints the table that
docs/proof.md keeps.
"""
