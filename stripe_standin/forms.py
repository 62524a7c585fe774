"""How Stripe's clients write their parameters: brackets in forms and addresses, files in parts."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from stripe_standin.store import Thing


def nested(text: str) -> Thing:
    """Return `line_items[0][quantity]=1` and its kind as objects and lists; all values are text."""
    data: Thing = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        put(data, name, value)
    return {name: as_lists(value) for name, value in data.items()}


def put(data: Thing, name: str, value: object) -> None:
    """Put a value where its name with brackets says."""
    first, *inner = name.replace("]", "").split("[")
    path = [first, *inner]
    for step in path[:-1]:
        data = data.setdefault(step, {})
    last = path[-1] or str(len(data))  # `expand[]` counts by itself
    data[last] = value


def as_lists(data: Any) -> Any:
    """Return objects whose names are all numbers as lists."""
    if not isinstance(data, dict):
        return data
    inner = {name: as_lists(value) for name, value in data.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def parts(content_type: str, body: bytes) -> Thing:
    """Return a form with files: texts as text, files as (name, bytes)."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    data: Thing = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)  # noqa: S101  # a part of a form has no parts
        filename = part.get_filename()
        put(data, name, (filename, content) if filename else content.decode())
    return {name: as_lists(value) for name, value in data.items()}
