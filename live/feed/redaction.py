"""Events without hidden words, wherever they are sent again."""

from typing import Any


def without_line(line: dict[str, Any]) -> dict[str, Any]:
    """Return a chat message without its text: it only says that something was said."""
    return line | {"text": ""}


def without_message(payload: dict[str, Any], gift: str) -> dict[str, Any]:
    """Return an event's payload without the message of a gift, shown again or not."""
    if payload.get("id") == gift and "message" in payload:
        return payload | {"message": ""}
    if "gifts" in payload:
        return payload | {"gifts": [without_message(one, gift) for one in payload["gifts"]]}
    return payload
