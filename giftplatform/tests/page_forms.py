"""Every form of the site, as a browser finds it on the pages: where it goes and what it holds."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.conf import settings
from django.forms import BaseForm
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from giftplatform.tests.addresses import DOORS, REFUSED, Things, all_routes, browser
from testing.browsers import just_signed_in

ASKED_FOR = re.compile(r"\b(?:GET|POST|query_params)(?:\.get(?:list)?\(|\[)\s*\"([\w-]+)\"")
FILE, OK = "file", 200
WITHOUT_FORMS = ("/history/", "/<path:object_id>/")  # in the admin, what was done, and a way on


@dataclass(frozen=True)
class Asker:
    """A person's browser, and what puts it back to where it was."""

    client: Client
    cookies: str

    def again(self) -> Client:
        """Return the browser as it was when its person signed in."""
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        return self.client


@dataclass
class PageForm:
    """A form: the fields with the values that the page gave them, and who was shown it."""

    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    shown_to: list[Asker] = field(default_factory=list)


@dataclass
class Place:
    """An address, who is let in, the names that its query may have, the forms that lead there."""

    route: str
    path: str
    let_in: list[Asker]
    query: set[str] = field(default_factory=set)
    form: PageForm = field(default_factory=PageForm)


class Reader(HTMLParser):
    """Reads the forms of a page, with buttons that ask for themselves, and the links' queries."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.option = page, ""
        self.forms: list[tuple[str, str, dict[str, str], set[str]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        posts = found.get("hx-post")
        if tag == "form" or posts:
            action = urljoin(self.page, posts or found.get("action") or "")
            way = "post" if posts else found.get("method", "get").lower()
            self.forms.append((action, way, {}, set()))
        if address := found.get("hx-get") or found.get("href"):
            self.links.append(urljoin(self.page, address))
        name, value = found.get("name", ""), found.get("value", "")
        if tag == "option" and self.option and "selected" in found:
            self._put(self.option, value)
        if tag == "select":
            self.option = name
        if name and tag in {"input", "select", "textarea", "button"}:
            chosen = "checked" in found or found.get("type") not in {"radio", "checkbox"}
            self._put(name, value if chosen else "", kind=found.get("type", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.option = ""

    def _put(self, name: str, value: str, kind: str = "") -> None:
        if not self.forms:
            return
        _action, _way, fields, files = self.forms[-1]
        if kind == FILE:
            files.add(name)
        else:
            fields[name] = value or fields.get(name, "")


def askers(*people: User | None) -> list[Asker]:
    """Return a browser for each person; one without a person is a visitor's."""
    found = []
    for person in people:
        client = browser(person)
        if person is not None:
            just_signed_in(client)
        found.append(Asker(client, client.cookies.output(header="", sep=";")))
    return found


def names_in_forms() -> set[str]:
    """Return the name of every field of every form class, ours and those that we use."""
    names, waiting = set(), [BaseForm]
    for kind in waiting:
        waiting += kind.__subclasses__()
        names |= set(getattr(kind, "base_fields", {}))
    return names


def names_asked_for() -> set[str]:
    """Return each name for which a view of ours looks into a request."""
    root = Path(settings.BASE_DIR)
    files = (file for app in root.glob("*/__init__.py") for file in app.parent.rglob("*.py"))
    ours = (file for file in files if "tests" not in file.parts)
    return {name for file in ours for name in ASKED_FOR.findall(file.read_text())}


def places(there: Things, site: list[Asker], staff: Asker) -> dict[str, Place]:
    """Return every address with what the pages say of it, as the first sees them who is let in."""
    found: dict[str, Place] = {}
    for route in dict.fromkeys(all_routes()):
        path = there.path_of(route)
        found[route] = Place(route, path, [])
    by_path = {place.path: place for place in found.values()}
    for place in found.values():
        for asker in [staff] if place.route.startswith("admin/") else site:
            if place.route.startswith("admin/") and place.route.endswith(WITHOUT_FORMS):
                place.let_in.append(asker)
                break
            answer = asker.again().get(place.path)
            door = answer.headers.get("Location", "").startswith(DOORS)
            if answer.status_code in REFUSED or door:
                continue
            place.let_in.append(asker)
            if answer.status_code != OK:
                continue
            if "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
                _read(answer.content.decode(), place.path, asker, found, by_path)
            break
    return found


def _read(
    html: str, page: str, asker: Asker, found: dict[str, Place], by_path: dict[str, Place]
) -> None:
    reader = Reader(page)
    reader.feed(html)
    for link in reader.links:
        if place := _place(link, found, by_path):
            place.query |= {name for name, _ in parse_qsl(urlsplit(link).query)}
    for action, way, fields, files in reader.forms:
        place = _place(action, found, by_path)
        if place is None:
            continue
        if way == "get":
            place.query |= set(fields)
            continue
        form = place.form
        form.fields |= {name: value for name, value in fields.items() if name != CSRF}
        form.files |= files
        if asker not in form.shown_to:
            form.shown_to.append(asker)


CSRF = "csrfmiddlewaretoken"


def _place(address: str, found: dict[str, Place], by_path: dict[str, Place]) -> Place | None:
    path = urlsplit(address).path
    if path in by_path:
        return by_path[path]
    try:
        return found.get(resolve(path).route)
    except Resolver404:
        return None
