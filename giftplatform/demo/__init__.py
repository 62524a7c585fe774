"""The demo of a sandbox.

People, streams and a month of gifts, all made through the site's services.
"""
