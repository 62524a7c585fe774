"""What ends a connection that does not keep to the protocol, or to our limits."""


class BadMessage(Exception):
    """The other side sent what an encoder does not send; the text never quotes it."""
