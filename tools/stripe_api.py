"""Cuts Stripe's API description to the operations that we use.

    python -m tools.stripe_api spec3.json

Stripe publishes the description with each version of its API (github.com/stripe/openapi). Of it we
keep the operations that the stand-in knows, and of their objects names, types and enums. An object
that we never meet becomes `false`: nothing fits it, so that it cannot slip through.
"""

import json
import sys
from pathlib import Path
from typing import Any

from stripe_standin.operations import ROUTES

TARGET = Path(__file__).parents[1] / "stripe_standin/tests/api.json"
REF = "#/components/schemas/"
WORDS = {
    "$ref",
    "additionalProperties",
    "anyOf",
    "enum",
    "items",
    "maxLength",
    "nullable",
    "properties",
    "required",
    "type",
}
# The objects that the stand-in gives, whole or inside others.
MET = {
    "address",
    "api_errors",
    "balance",
    "balance_amount",
    "balance_transaction",
    "billing_details",
    "charge",
    "customer",
    "deleted_customer",
    "checkout.session",
    "dispute",
    "dispute_enhanced_eligibility",
    "dispute_enhanced_evidence",
    "dispute_evidence",
    "dispute_evidence_details",
    "error",
    "event",
    "fee",
    "file",
    "notification_event_data",
    "notification_event_request",
    "payment_intent",
    "payment_intent_next_action",
    "payment_intent_next_action_redirect_to_url",
    "payment_method",
    "payment_method_card",
    "payment_method_details",
    "payment_pages_checkout_session_adaptive_pricing",
    "payment_pages_checkout_session_automatic_tax",
    "payment_pages_checkout_session_custom_text",
    "refund",
    "setup_intent",
}
LEAVES = "payment_method_details_"


def cut(schema: Any) -> Any:
    """Return a schema with the words that we check, without objects that we never meet."""
    if isinstance(schema, list):
        return [cut(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        name = reference.removeprefix(REF)
        return {"$ref": reference} if name in MET or name.startswith(LEAVES) else False
    kept = {name: cut(value) for name, value in schema.items() if name in WORDS - {"properties"}}
    if "properties" in schema:
        kept["properties"] = {name: cut(one) for name, one in schema["properties"].items()}
    return kept


def operation(found: dict[str, Any]) -> dict[str, Any]:
    """Return an operation's parameters and the schema of its answer."""
    query = {p["name"]: cut(p["schema"]) for p in found.get("parameters", []) if p["in"] == "query"}
    body: dict[str, Any] = {}
    for content in found.get("requestBody", {}).get("content", {}).values():
        body = cut(content["schema"])
    answer = found["responses"]["200"]["content"]["application/json"]["schema"]
    takes = query | body.get("properties", {})
    return {"takes": takes, "needs": body.get("required", []), "answers": cut(answer)}


def main() -> None:
    """Write the part that we need."""
    whole = json.loads(Path(sys.argv[1]).read_text())
    schemas = whole["components"]["schemas"]
    part = {
        "version": whole["info"]["version"],
        "operations": {
            f"{method} {path}": operation(whole["paths"][path][method.lower()])
            for method, path, _does in ROUTES
        },
        "schemas": {
            name: cut(schema)
            for name, schema in schemas.items()
            if name in MET or name.startswith(LEAVES)
        },
    }
    TARGET.write_text(json.dumps(part, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
