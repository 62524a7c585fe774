"""Holds what the stand-in takes and gives against Stripe's own description of its API.

`api.json` is cut from it by `tools/stripe_api.py`: names, types and enums of what we use.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from stripe_standin.server import Exchange

WORDS = {"properties", "items", "anyOf", "additionalProperties"}


@cache
def description() -> dict[str, Any]:
    """Return Stripe's description of the operations that we use."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "api.json").read_text())
    return found


def strict(schema: Any) -> Any:
    """Return a schema of OpenAPI as JSON Schema that refuses names which it does not have."""
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        return {"$ref": reference.replace("#/components/schemas/", "#/$defs/")}
    made = {name: value for name, value in schema.items() if name not in {*WORDS, "nullable"}}
    if "properties" in schema:
        made["properties"] = {name: strict(one) for name, one in schema["properties"].items()}
    if "items" in schema:
        made["items"] = strict(schema["items"])
    if "anyOf" in schema:
        made["anyOf"] = [strict(one) for one in schema["anyOf"]]
    if "additionalProperties" in schema:
        made["additionalProperties"] = strict(schema["additionalProperties"])
    elif schema.get("properties"):
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


@cache
def definitions() -> dict[str, Any]:
    """Return all schemas, strict."""
    return {name: strict(schema) for name, schema in description()["schemas"].items()}


def errors(schema: Any, value: Any) -> list[str]:
    """Return how a value differs from a schema."""
    validator = Draft202012Validator({"allOf": [schema], "$defs": definitions()})
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {deepest(error)}"
        for error in validator.iter_errors(value)
    ]


def deepest(error: Any) -> str:
    """Return the part of an error that says most."""
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return f"{error.json_path} {error.message[:200]}"


def typed(value: Any, schema: Any) -> Any:
    """Return a parameter, which a form writes as text, with the type that its schema names."""
    if isinstance(value, tuple):
        return "a file"
    if isinstance(value, dict):
        if "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") == "object")
        inner = schema.get("properties", {})
        more = schema.get("additionalProperties", {})
        return {name: typed(one, inner.get(name, more) or {}) for name, one in value.items()}
    if isinstance(value, list):
        return [typed(one, schema.get("items", {})) for one in value]
    if "anyOf" in schema:
        of_value = "boolean" if value in {"true", "false"} else "string"
        schema = next((one for one in schema["anyOf"] if one.get("type") == of_value), schema)
    if schema.get("type") == "integer" and value.lstrip("-").isdigit():
        return int(value)
    if schema.get("type") == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def differences(exchange: Exchange) -> list[str]:
    """Return how a request and its answer differ from the description."""
    name = f"{exchange.method} {exchange.form}"
    if exchange.status != 200:
        return [f"{name}: {one}" for one in errors({"$ref": "#/$defs/error"}, exchange.body)]
    operation = description()["operations"][name]
    found = [f"needs {one}" for one in operation["needs"] if one not in exchange.params]
    for param, value in exchange.params.items():
        if param not in operation["takes"]:
            found.append(f"takes no {param}")
            continue
        schema = operation["takes"][param]
        found += [f"{param}: {one}" for one in errors(strict(schema), typed(value, schema))]
    found += errors(strict(operation["answers"]), exchange.body)
    return [f"{name}: {one}" for one in found]
