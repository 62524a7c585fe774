"""The API as a page people can read, made from the schema that programs read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Part:
    """One field or parameter: its name, what goes in, whether it must be there."""

    name: str
    kind: str
    required: bool = False
    words: str = ""


@dataclass(frozen=True)
class Call:
    """One thing a program can ask."""

    method: str
    path: str
    words: str
    open_to_all: bool
    asks: list[Part]
    sends: list[Part]
    answers: list[tuple[str, str, list[Part]]]

    @property
    def anchor(self) -> str:
        """The name to link to."""
        return f"{self.method}{self.path.replace('/', '-').strip('-')}"


@dataclass
class Chapter:
    """The calls about one thing."""

    name: str
    calls: list[Call] = field(default_factory=list)


def _target(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Return the schema behind a reference."""
    if "allOf" in schema and len(schema["allOf"]) == 1:
        schema = schema["allOf"][0]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = whole["components"]["schemas"][name] if name else schema
    return found


def _kind(schema: dict[str, Any], whole: dict[str, Any]) -> str:
    """Return in one or two words what a field holds."""
    if "oneOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one, whole) for one in schema["oneOf"]))
    target = _target(schema, whole)
    if "enum" in target:
        return " | ".join(str(value) or '""' for value in target["enum"])
    if target.get("type") == "array":
        return f"[{_kind(target.get('items', {}), whole)}]"
    if "$ref" in schema or "allOf" in schema:
        return str(schema.get("$ref") or schema["allOf"][0]["$ref"]).rpartition("/")[2]
    return str(target.get("format") or target.get("type") or "any")


def _parts(schema: dict[str, Any], whole: dict[str, Any]) -> list[Part]:
    """Return the fields of an object, or of the objects in a list."""
    target = _target(schema, whole)
    if target.get("type") == "array":
        target = _target(target.get("items", {}), whole)
    needed = target.get("required", [])
    return [
        Part(name, _kind(entry, whole), name in needed, entry.get("description", ""))
        for name, entry in target.get("properties", {}).items()
    ]


def _body(content: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body, whatever its media type."""
    for entry in content.values():
        schema: dict[str, Any] = entry.get("schema", {})
        return schema
    return {}


def _call(method: str, path: str, entry: dict[str, Any], whole: dict[str, Any]) -> Call:
    wanted = _body(entry.get("requestBody", {}).get("content", {}))
    answers = []
    for status, answer in entry["responses"].items():
        schema = _body(answer.get("content", {}))
        answers.append((status, answer.get("description", ""), _parts(schema, whole)))
    return Call(
        method=method.upper(),
        path=path,
        words=entry.get("description", ""),
        open_to_all={} in entry.get("security", [{}]),
        asks=[
            Part(
                one["name"],
                _kind(one["schema"], whole),
                one.get("required", False),
                one.get("description", ""),
            )
            for one in entry.get("parameters", [])
        ],
        # What the answer alone carries is not sent.
        sends=[
            part
            for part in _parts(wanted, whole)
            if not _target(wanted, whole)["properties"][part.name].get("readOnly")
        ]
        if wanted
        else [],
        answers=answers,
    )


@cache
def chapters() -> list[Chapter]:
    """Return every call of the API by what it is about. The same until the next start."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # ships no types
    whole = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Chapter] = {}
    for path, methods in whole["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for method in METHODS:
            if method in methods:
                name = methods[method].get("tags", ["other"])[0]
                chapter = found.setdefault(name, Chapter(name))
                chapter.calls.append(_call(method, path, methods[method], whole))
    return _in_order(found.values())


def _in_order(found: Iterable[Chapter]) -> list[Chapter]:
    """Return the chapters as a newcomer reads them: who am I, what have I, what can I do."""
    order = ["me", "coins", "wallet", "purchases", "streams", "gifts", "earnings", "payouts"]
    return sorted(found, key=lambda one: order.index(one.name) if one.name in order else 99)


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """Show the API in words."""
    return render(request, "api/docs.html", {"chapters": chapters()})
