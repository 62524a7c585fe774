"""Helpers for the tests of every app: threads, a restored database, durations in the report.

It stands below all apps: it imports none of them.
"""
