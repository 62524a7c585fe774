"""Walks through the site as a person does: from page to page, by what each page links to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

MOST_PRESSES = 4
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]*)')
PART = re.compile(r'\shx-(?:get|post)="([^"]+)"')
FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)
ACTION = re.compile(r'\saction="([^"]*)"')
BUTTON = re.compile(r'<button\b[^>]*\sformaction="([^"]+)"')
# A button that asks the page for one line's menu.
MENU = re.compile(r'<button\b[^>]*\sform="line-menu"[^>]*\sname="line" value="([^"]+)"')
LOADS = re.compile(
    r'<[^>]*\shx-get="([^"]+)"[^>]*\shx-trigger="load|'
    r'<[^>]*\shx-trigger="load[^"]*"[^>]*\shx-get="([^"]+)"'
)


@dataclass
class Walk:
    """What a person found: the patterns they reached, and links that lead nowhere."""

    reached: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


def walked(client: Client, start: str = "/") -> Walk:
    """Follow every link and form of every page, up to four presses from the first one.

    One address of each pattern is opened: a list of a hundred rows is not a hundred pages.
    """
    walk = Walk()
    opened: set[str] = set()
    pages = [start]
    for _presses in range(MOST_PRESSES + 1):
        found: list[str] = []
        for page in pages:
            route = _route(page)
            if route is None:
                continue
            walk.reached.add(route)
            if route in opened or "logout" in page:
                continue
            opened.add(route)
            found += _follow(client, page, walk)
        pages = list(dict.fromkeys(found))
    return walk


def _follow(client: Client, page: str, walk: Walk) -> list[str]:
    """Return where a page leads; what it loads by itself belongs to it."""
    answer = client.get(page)
    for _turn in range(3):  # a redirect is no press
        if not 300 <= answer.status_code < 400:
            break
        page = urljoin(page, answer["Location"])
        if (route := _route(page)) is None:
            return []
        walk.reached.add(route)
        answer = client.get(page)
    if answer.status_code in {405, 422}:
        return []  # a form's target, or one that wants its fields
    if answer.status_code >= 400:
        walk.broken.append(f"{answer.status_code} {page}")
        return []
    text = _text(answer)
    leads = [urljoin(page, address) for address in _addresses(text)]
    for part in LOADS.findall(text):
        address = unescape(part[0] or part[1])
        inside = client.get(address, headers={"HX-Request": "true"})
        leads += [address, *(urljoin(page, one) for one in _addresses(_text(inside)))]
    for line in MENU.findall(text):
        inside = client.get(page, {"line": line})
        leads += [urljoin(page, one) for one in _addresses(_text(inside))]
    return leads


def _addresses(text: str) -> Iterator[str]:
    for address in (*LINK.findall(text), *PART.findall(text), *BUTTON.findall(text)):
        yield unescape(address)
    for form in FORM.findall(text):
        if action := ACTION.search(form):
            yield unescape(action[1])


def _text(answer: Any) -> str:
    html = answer.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if html and not answer.streaming else ""


def _route(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.scheme not in ("", "http") or parts.netloc not in ("", "testserver"):
        return None
    try:
        return str(resolve(parts.path).route)
    except Resolver404:
        return None
