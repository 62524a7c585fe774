"""Words that were taken away: what an event tells without them, wherever it is told again."""

from typing import Any


def without_line(line: dict[str, Any]) -> dict[str, Any]:
    """Return what a line of chat tells when its words are gone: that something was said."""
    return line | {"text": ""}


def without_message(told: dict[str, Any], gift: str) -> dict[str, Any]:
    """Return what an event tells without the message of a gift, shown again or not."""
    if told.get("id") == gift and "message" in told:
        return told | {"message": ""}
    if "gifts" in told:
        return told | {"gifts": [without_message(one, gift) for one in told["gifts"]]}
    return told
