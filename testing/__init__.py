"""What the tests of every app share: threads, a database as it was, times in the report.

It stands below all apps: it imports none of them.
"""
