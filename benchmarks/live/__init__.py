"""The time until a room hears of its gifts, beside bare uvloop and beside Django Channels."""
