"""Django's PostgreSQL backend with a cheaper check of a kept connection.

Before each request's first query Django asks a kept connection `SELECT 1`, so that a server which
was restarted meanwhile is not met in the middle of the work. That is a round trip for each request,
and on another machine most of a millisecond. A server that ends, ends its connections: its goodbye
waits in the socket, and checking for that takes a microsecond.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Return whether the server still holds its end, as far as this machine knows.

        Nothing is ever due to be read between two statements. Whatever does wait there, a goodbye
        or only a notice, makes Django take a new connection.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
