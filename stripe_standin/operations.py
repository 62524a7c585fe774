"""The operations of Stripe's API that we use, and no others."""

from collections.abc import Callable
from typing import Any

from stripe_standin import API_VERSION, objects
from stripe_standin.account import Account
from stripe_standin.errors import Refusal, missing
from stripe_standin.store import Thing

Operation = Callable[[Account, Thing, str], Thing]
LONGEST_PAGE = 100
DEEPEST = 4  # levels that are expanded
# What each operation takes; another parameter is refused, as Stripe does.
TAKES = {
    "start": {
        "adaptive_pricing",
        "cancel_url",
        "client_reference_id",
        "line_items",
        "metadata",
        "mode",
        "payment_intent_data",
        "payment_method_types",
        "success_url",
    },
    "save": {
        "cancel_url",
        "customer_creation",
        "metadata",
        "mode",
        "payment_method_types",
        "setup_intent_data",
        "success_url",
    },
    "charge": {
        "amount",
        "confirm",
        "currency",
        "customer",
        "description",
        "metadata",
        "off_session",
        "payment_method",
        "payment_method_types",
    },
    "delete": set[str](),
    "one": {"expand"},
    "list": {
        "limit",
        "starting_after",
        "created",
        "expand",
        "payment_intent",
        "types",
        "customer",
    },
    "refund": {"amount", "metadata", "payment_intent"},
    "evidence": {"evidence", "submit"},
    "upload": {"file", "purpose"},
    "balance": set[str](),
}


def refuse_unknown(params: Thing, takes: str) -> None:
    """Refuse parameters that the operation does not know."""
    if unknown := sorted(params.keys() - TAKES[takes]):
        said = f"Received unknown parameter: {unknown[0]}"
        raise Refusal(said, code="parameter_unknown", param=unknown[0])


def whole(value: Any, param: str) -> int:
    """Return a parameter as a whole number. Raises `Refusal`."""
    if not str(value).isdigit():
        said = f"Invalid integer: {value}"
        raise Refusal(said, code="parameter_invalid_integer", param=param)
    return int(value)


def start(account: Account, params: Thing, _name: str) -> Thing:
    """Open a Checkout Session, in setup mode to save a card."""
    if params.get("mode") == "setup":
        return save(account, params)
    refuse_unknown(params, "start")
    items = params.get("line_items") or []
    if params.get("mode") != "payment" or len(items) != 1 or "success_url" not in params:
        raise Refusal("Missing required param.", code="parameter_missing", param="line_items")
    price = items[0]["price_data"]
    amount = whole(price["unit_amount"], "line_items[0][price_data][unit_amount]")
    amount *= whole(items[0].get("quantity", 1), "line_items[0][quantity]")
    types = params.get("payment_method_types") or account.methods
    if unknown := [kind for kind in types if kind not in account.methods]:
        said = f"The payment method type provided: {unknown[0]} is invalid."
        raise Refusal(said, param="payment_method_types")
    opened = objects.session(params, amount, account.pay_url, types)
    opened["x_intent"] = params.get("payment_intent_data", {})
    return account.store.put(opened)


def save(account: Account, params: Thing) -> Thing:
    """Open a Checkout Session on which a card is saved for a customer of its own."""
    refuse_unknown(params, "save")
    if params.get("payment_method_types") != ["card"] or "success_url" not in params:
        raise Refusal("Missing required param.", code="parameter_missing", param="success_url")
    if params.get("customer_creation") != "always":  # what nobody owns cannot be charged later
        raise Refusal("The stand-in saves cards for a customer.", param="customer_creation")
    opened = objects.saving_session(params, account.pay_url)
    opened["x_setup"] = params.get("setup_intent_data", {})
    return account.store.put(opened)


def charge_saved(account: Account, params: Thing, _name: str) -> Thing:
    """Charge a saved card at once and without its owner."""
    refuse_unknown(params, "charge")
    amount = whole(params.get("amount"), "amount")
    if (params.get("confirm"), params.get("off_session")) != ("true", "true"):
        raise Refusal("The stand-in charges saved cards off session only.", param="off_session")
    customer = account.store.get(str(params.get("customer")))
    if customer is None or customer["object"] != "customer" or customer.get("x_deleted"):
        raise missing("customer", params.get("customer"))
    card = account.store.get(str(params.get("payment_method")))
    if card is None or card["object"] != "payment_method" or card["customer"] != customer["id"]:
        raise missing("payment_method", params.get("payment_method"))
    return account.charge_saved(objects.off_session_intent(params, amount), card)


def delete_customer(account: Account, params: Thing, name: str) -> Thing:
    """Forget a customer and all their cards."""
    refuse_unknown(params, "delete")
    found = account.store.get(name)
    if found is None or found["object"] != "customer" or found.get("x_deleted"):
        raise missing("customer", name)
    account.change(found, x_deleted=True)
    return {"id": name, "object": "customer", "deleted": True}


def retrieve(kind: str) -> Operation:
    """Return the operation that reads one object of a kind."""

    def one(account: Account, params: Thing, name: str) -> Thing:
        refuse_unknown(params, "one")
        found = account.store.get(name)
        if found is None or found["object"] != kind:
            raise missing(kind, name)
        return found

    return one


def page(kind: str) -> Operation:
    """Return the operation that lists objects of a kind, the newest first."""

    def listed(account: Account, params: Thing, _name: str) -> Thing:
        refuse_unknown(params, "list")
        after = params.get("starting_after", "")
        if after and (account.store.get(after) or {}).get("object") != kind:
            raise missing(kind, after)
        most = min(whole(params.get("limit", 10), "limit"), LONGEST_PAGE)
        found = account.store.listed(
            kind,
            since=whole(params.get("created", {}).get("gte", 0), "created[gte]"),
            after=after,
            types=params.get("types", []),
            most=most + 1,
            **{name: params[name] for name in ("payment_intent", "customer") if name in params},
        )
        return {
            "object": "list",
            "data": found[:most],
            "has_more": len(found) > most,
            "url": f"/v1/{kind.replace('.', '/')}s",  # where a client asks for the next page
        }

    return listed


def give_back(account: Account, params: Thing, _name: str) -> Thing:
    """Refund money of a payment, all or some of it."""
    refuse_unknown(params, "refund")
    intent = account.store.get(str(params.get("payment_intent")))
    if intent is None:
        raise missing("payment_intent", params.get("payment_intent"))
    charge = account.charge_of(intent)
    if charge is None:
        raise Refusal("This PaymentIntent does not have a successful charge to refund.")
    amount = whole(params.get("amount", charge["amount"]), "amount")
    return account.give_back(charge, amount, params.get("metadata", {}))


def hand_in(account: Account, params: Thing, name: str) -> Thing:
    """Take evidence for a dispute; once it is submitted the bank decides."""
    refuse_unknown(params, "evidence")
    dispute = account.store.get(name)
    if dispute is None or dispute["object"] != "dispute":
        raise missing("dispute", name)
    return account.take_evidence(
        dispute, params.get("evidence", {}), submit=params.get("submit") == "true"
    )


def upload(account: Account, params: Thing, _name: str) -> Thing:
    """Take a file."""
    refuse_unknown(params, "upload")
    filename, content = params["file"]
    if not content.startswith(b"%PDF"):
        raise Refusal("The file is not a PDF.", param="file")
    return account.store.put(objects.file(filename, content, params["purpose"]))


def balance(account: Account, params: Thing, _name: str) -> Thing:
    """Return what the account holds in each currency."""
    refuse_unknown(params, "balance")
    amounts = [{"amount": a, "currency": c} for c, a in sorted(account.balances().items())]
    return {"object": "balance", "available": [], "pending": amounts, "livemode": False}


# Method, path with the place of an id, operation.
ROUTES: list[tuple[str, str, Operation]] = [
    ("POST", "/v1/checkout/sessions", start),
    ("GET", "/v1/checkout/sessions", page("checkout.session")),
    ("GET", "/v1/checkout/sessions/{session}", retrieve("checkout.session")),
    ("POST", "/v1/payment_intents", charge_saved),
    ("GET", "/v1/payment_intents", page("payment_intent")),
    ("GET", "/v1/payment_intents/{intent}", retrieve("payment_intent")),
    ("DELETE", "/v1/customers/{customer}", delete_customer),
    ("POST", "/v1/refunds", give_back),
    ("GET", "/v1/refunds", page("refund")),
    ("GET", "/v1/disputes", page("dispute")),
    ("GET", "/v1/disputes/{dispute}", retrieve("dispute")),
    ("POST", "/v1/disputes/{dispute}", hand_in),
    ("POST", "/v1/files", upload),
    ("GET", "/v1/balance_transactions", page("balance_transaction")),
    ("GET", "/v1/balance", balance),
    ("GET", "/v1/events", page("event")),
]


def operation(method: str, path: str) -> tuple[Operation, str, str]:
    """Return what a request asks for: the operation, the id that its path names, the path's form.

    Raises `Refusal` for what the stand-in does not do.
    """
    for verb, form, does in ROUTES:
        before, place, _after = form.partition("{")
        if verb != method:
            continue
        if path == form or (place and path.startswith(before) and "/" not in path[len(before) :]):
            return does, path[len(before) :] if place else "", form
    raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)


def refuse_deep(wishes: list[str]) -> None:
    """Refuse to expand what lies deeper than Stripe goes."""
    for wish in wishes:
        if wish.count(".") >= DEEPEST:
            said = f"You cannot expand more than {DEEPEST} levels of a property. Property: {wish}"
            raise Refusal(said, param="expand")


def expanded(account: Account, thing: Any, path: list[str]) -> Any:
    """Return an object in which the ids on a path are replaced by their objects."""
    if isinstance(thing, list):
        return [expanded(account, one, path) for one in thing]
    if isinstance(thing, str):
        thing = account.store.get(thing)
    if not path or not isinstance(thing, dict):
        return thing
    first, *rest = path
    if (thing.get("object"), first) == ("charge", "refunds"):
        return thing | {"refunds": newest_refunds(account, thing)}
    if thing.get(first) is None:
        return thing
    return thing | {first: expanded(account, thing[first], rest)}


def newest_refunds(account: Account, charge: Thing) -> Thing:
    """Return a charge's refunds as it brings them along: the newest ten."""
    listed = page("refund")(account, {"payment_intent": charge["payment_intent"]}, "")
    return listed | {"url": f"/v1/charges/{charge['id']}/refunds"}


def public(thing: Any) -> Any:
    """Return an object without what the stand-in notes for itself."""
    if isinstance(thing, list):
        return [public(one) for one in thing]
    if isinstance(thing, dict):
        return {name: public(one) for name, one in thing.items() if not name.startswith("x_")}
    return thing


def refuse_version(version: str | None) -> None:
    """Refuse a client that speaks another version of the API than we know."""
    if version != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}")
