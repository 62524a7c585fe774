"""A stand-in for Stripe: a server of our own that speaks the part of its API that we use.

It moves no money and needs no account. Sandboxes show Stripe's way with it, tests break it on
purpose. It knows nothing of our apps: they meet over HTTP only, as with Stripe itself. What it
answers and takes is held against Stripe's own API description in `stripe_standin/tests/`.
"""

# The version of Stripe's API that stripe-python 15.6.2 speaks.
API_VERSION = "2026-08-26.dahlia"
