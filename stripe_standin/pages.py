"""The hosted pay page and a small dashboard. Both say that they move no money."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from stripe_standin.errors import Refusal
from stripe_standin.store import Thing, now

if TYPE_CHECKING:
    from stripe_standin.account import Account
    from stripe_standin.server import Handler

CSS = Path(__file__).parent / "page.css"
ARRIVES_AFTER_S = 15
WITHOUT_CENTS = {"jpy", "krw", "vnd", "clp"}
COUNTRIES = ("DE", "US", "GB", "FR", "NL", "JP", "BR", "MX", "IN", "AU")
NAMES = {
    "card": "Card",
    "link": "Link",
    "sepa_debit": "SEPA Direct Debit",
    "ideal": "iDEAL",
    "bancontact": "Bancontact",
    "eps": "EPS",
    "pix": "Pix",
    "boleto": "Boleto",
    "oxxo": "OXXO",
    "konbini": "Konbini",
    "upi": "UPI",
    "us_bank_account": "US bank account",
    "au_becs_debit": "BECS Direct Debit",
    "acss_debit": "Pre-authorized debit",
    "p24": "Przelewy24",
    "twint": "TWINT",
    "multibanco": "Multibanco",
}
FRAME = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<link rel="stylesheet" href="/standin.css"></head><body>
<p class="notice"><strong>Stand-in for Stripe.</strong> No real money moves here.</p>
{main}</body></html>"""
PAY = """<main class="pay"><section class="order"><p class="shop">Giftplatform</p>
<p class="what">{what}</p><p class="amount">{amount}</p>
<a class="back" href="{cancel}">Back without paying</a></section>
<form class="how" method="post"><h1>Pay with</h1>{refused}<div class="methods">{methods}</div>
<label class="field">Card issued in or bank account in
<select name="country">{countries}</select></label>
<label class="field">Card or account that ends in
<select name="card"><option>4242</option><option>5556</option><option>4444</option>
<option>3222</option><option>0005</option></select></label>
<button class="main" name="pressed" value="pay">Pay {amount}</button>
<p class="or">or play what else can happen</p>
<div class="others"><button name="pressed" value="challenge">Bank asks for confirmation</button>
<button name="pressed" value="decline">Bank declines</button>
<button name="pressed" value="later">Money arrives in {seconds} seconds</button>
<button name="pressed" value="fails">Money never arrives</button></div></form></main>"""
SAVE = """<main class="pay"><section class="order"><p class="shop">Giftplatform</p>
<p class="what">saves a card for later. Nothing is charged now.</p>
<a class="back" href="{cancel}">Back without saving</a></section>
<form class="how" method="post"><h1>Save a card</h1>
<label class="field">Card issued in <select name="country">{countries}</select></label>
<button class="main" name="pressed" value="pays">Save this card</button>
<p class="or">or save one whose bank says no later</p>
<div class="others"><button name="pressed" value="declines">Declines each payment</button>
<button name="pressed" value="asks">Asks to confirm each payment</button></div></form></main>"""
CHALLENGE = """<main class="pay"><section class="order"><p class="shop">Your bank</p>
<p class="what">asks whether it's you who pays</p><p class="amount">{amount}</p></section>
<form class="how" method="post"><h1>Confirm this payment</h1>
<p class="text">A real bank would ask for a code or a fingerprint.</p>
<button class="main" name="pressed" value="pay">It's me, pay {amount}</button>
<div class="others"><button name="pressed" value="decline">It's not me</button>
</div></form></main>"""
OVER = """<main class="pay"><section class="order"><p class="shop">Giftplatform</p>
<p class="what">{what}</p><p class="amount">{amount}</p></section>
<div class="how"><h1>This page has expired</h1><p class="text">It was paid, or its time is over.</p>
<a class="main" href="{back}">Back to the order</a></div></main>"""
DASHBOARD = """<main class="board"><h1>Payments</h1><p class="text">Balance: {balance}. The newest
{most} payments. Refunds and disputes that begin here are news to the site, as they would be from
Stripe's dashboard.</p><div class="wide"><table><thead><tr><th>Order</th><th>Amount</th>
<th>State</th><th>What happens next</th></tr></thead><tbody>{rows}</tbody></table></div></main>"""
SHOWN = 30
PLAYS = {"pays", "declines", "asks"}  # what a saved card's bank says to each payment


def written(amount: int, currency: str) -> str:
    """Return an amount for people."""
    if currency in WITHOUT_CENTS:
        return f"{amount:,} {currency.upper()}"
    return f"{amount // 100:,}.{amount % 100:02} {currency.upper()}"


def serve(handler: "Handler", method: str, path: str, form: Thing) -> None:
    """Answer a request for a page."""
    account = handler.server.account
    try:
        if path == "/standin.css":
            handler.send(200, CSS.read_bytes(), **{"Content-Type": "text/css"})
        elif path.startswith("/pay/"):
            _pay(handler, account, method, path.removeprefix("/pay/"), form)
        elif path == "/":
            _board(handler, account, form if method == "POST" else {})
        else:
            _page(handler, "Not here", "<main><h1>Nothing is here</h1></main>", 404)
    except KeyError:
        _page(handler, "Not here", "<main><h1>No such payment</h1></main>", 404)


def _page(handler: "Handler", title: str, main: str, status: int = 200) -> None:
    body = FRAME.format(title=title, main=main).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    handler.send(status, body, **headers)


def _go(handler: "Handler", where: str) -> None:
    handler.send(303, b"", **{"Location": where, "Content-Type": "text/plain"})


def _pay(handler: "Handler", account: "Account", method: str, name: str, form: Thing) -> None:
    session = account.session(name)
    try:
        with account.store.transaction():
            if method == "POST":
                press(account, session, form)
    except Refusal:  # it moved on meanwhile: the page says where to
        pass
    session = account.session(name)
    if session["status"] == "complete":
        _go(handler, session["success_url"].replace("{CHECKOUT_SESSION_ID}", name))
        return
    refused = form.get("pressed") == "decline"
    _page(handler, "Pay", _main(account, session, refused=refused))


def press(account: "Account", session: Thing, form: Thing) -> None:
    """Do what the payer pressed."""
    name, country = session["id"], form.get("country", "DE")
    if session["mode"] == "setup":
        if form.get("pressed") in PLAYS:
            account.save_card(name, plays=form["pressed"], country=country)
        return
    types = session["payment_method_types"]
    how = form.get("method", types[0])
    match form.get("pressed"):
        case "pay":
            card = form.get("card", "")[:4] or "4242"
            how = how if how in types else types[0]
            account.pay(name, method=how, country=country, card=card)
        case "challenge":
            account.challenge(name)
        case "decline":
            account.decline(name)
        case "later" | "fails" as wish:
            later = account.pay_later(name)
            at = now() + ARRIVES_AFTER_S
            account.change(later, x_ends_at=at, x_ends="arrive" if wish == "later" else "fail")


def end_due(account: "Account") -> None:
    """Let the money arrive, or not, that was on its way long enough."""
    for session in account.store.listed(
        "checkout.session", status="complete", payment_status="unpaid"
    ):
        if 0 < session.get("x_ends_at", 0) <= now():
            settled = account.change(session, x_ends_at=0)
            if settled["x_ends"] == "arrive":
                account.arrive(session["id"])
            else:
                account.fail_later(session["id"])


def _saving(session: Thing) -> str:
    cancel = escape(session["cancel_url"] or session["success_url"])
    if session["status"] != "open":
        return OVER.format(what="Saving a card", amount="", back=cancel)
    countries = "".join(f"<option>{code}</option>" for code in COUNTRIES)
    return SAVE.format(cancel=cancel, countries=countries)


def _main(account: "Account", session: Thing, *, refused: bool) -> str:
    if session["mode"] == "setup":
        return _saving(session)
    facts = {
        "amount": escape(written(session["amount_total"], session["currency"])),
        "what": escape(session["x_intent"].get("description") or "Your order"),
        "cancel": escape(session["cancel_url"] or session["success_url"]),
    }
    if session["status"] != "open":
        return OVER.format(**facts, back=facts["cancel"])
    intent = account.store.get(session["payment_intent"] or "")
    if intent and intent["status"] == "requires_action":
        return CHALLENGE.format(**facts)
    said = '<p class="refused" role="alert">Your card was declined. Try another way.</p>'
    methods = "".join(
        f'<label><input type="radio" name="method" value="{kind}"{" checked" if not at else ""}>'
        f"<span>{NAMES.get(kind, kind)}</span></label>"
        for at, kind in enumerate(session["payment_method_types"])
    )
    countries = "".join(f"<option>{code}</option>" for code in COUNTRIES)
    return PAY.format(
        **facts,
        methods=methods,
        countries=countries,
        refused=said if refused else "",
        seconds=ARRIVES_AFTER_S,
    )


BUTTONS = {
    "expire": "Page expires",
    "arrive": "Money arrives",
    "fail": "Money never arrives",
    "refund": "Refund",
    "half": "Refund half",
    "dispute": "Dispute",
    "inquiry": "Inquiry",
    "won": "Won or withdrawn",
    "lost": "Lost",
    "pays": "Its bank pays from now on",
    "declines": "Its bank declines from now on",
    "asks": "Its bank asks from now on",
}


def _board(handler: "Handler", account: "Account", form: Thing) -> None:
    if form:
        with account.store.transaction():
            try:
                act(account, form.get("do", ""), _named(account, form.get("session", "")))
            except Refusal as refusal:
                _page(handler, "Payments", f"<main><h1>{escape(str(refusal))}</h1></main>", 400)
                return
        _go(handler, "/")
        return
    charged = [_charged(i) for i in account.store.all("payment_intent") if i.get("customer")]
    listed = sorted(
        [*account.store.all("checkout.session"), *charged], key=lambda one: -one["created"]
    )
    rows = "".join(_row(account, each) for each in listed[:SHOWN])
    held = ", ".join(written(a, c) for c, a in account.balances().items()) or "nothing yet"
    _page(handler, "Payments", DASHBOARD.format(rows=rows, balance=held, most=SHOWN))


def _charged(intent: Thing) -> Thing:
    """Return a payment of a saved card as the dashboard lists a session."""
    paid = intent["status"] == "succeeded"
    return {
        "id": intent["id"],
        "mode": "payment",
        "payment_intent": intent["id"],
        "amount_total": intent["amount"],
        "currency": intent["currency"],
        "client_reference_id": intent["metadata"].get("order"),
        "created": intent["created"],
        "status": "saved card",
        "payment_status": "paid" if paid else "unpaid",
    }


def _named(account: "Account", name: str) -> Thing:
    """Return a session, or a payment of a saved card. Raises `KeyError`."""
    found = account.store.get(name)
    if found and found["object"] == "payment_intent":
        return _charged(found)
    return account.session(name)


def open_dispute_of(account: "Account", session: Thing) -> Thing | None:
    """Return the dispute of a session's payment that nobody has decided yet."""
    for dispute in account.store.all("dispute"):
        ours = dispute["payment_intent"] == session["payment_intent"]
        if ours and dispute["status"] not in {"won", "lost", "warning_closed"}:
            return dispute
    return None


def next_steps(account: "Account", session: Thing) -> list[str]:
    """Return what can happen to a payment now, or to a card that was saved."""
    if session["mode"] == "setup":
        return sorted(PLAYS) if session["status"] == "complete" else []
    if session["status"] == "open":
        return ["expire"]
    intent = account.store.get(session["payment_intent"] or "")
    if intent and intent["status"] == "processing":
        return ["arrive", "fail"]
    if not intent or not account.charge_of(intent):
        return []
    if open_dispute_of(account, session):
        return ["won", "lost"]
    return ["refund", "half", "dispute", "inquiry"]


def act(account: "Account", do: str, session: Thing) -> None:
    """Do what was pressed on the dashboard. Raises `Refusal`."""
    if do not in next_steps(account, session):
        raise Refusal("That is not possible any more.")
    if do in PLAYS:
        account.change_bank(session["customer"], do)
    else:
        _pay_or_take_back(account, do, session)


def _pay_or_take_back(account: "Account", do: str, session: Thing) -> None:
    intent = account.store.get(session["payment_intent"] or "")
    charge = (account.charge_of(intent) if intent else None) or {}
    left = charge.get("amount", 0) - charge.get("amount_refunded", 0)
    match do:
        case "expire":
            account.expire(session["id"])
        case "arrive":
            account.arrive(account.change(session, x_ends_at=0)["id"])
        case "fail":
            account.fail_later(account.change(session, x_ends_at=0)["id"])
        case "refund":
            account.give_back(charge, left, {})
        case "half":
            account.give_back(charge, left // 2, {})
        case "dispute" | "inquiry":
            account.open_dispute(charge, inquiry=do == "inquiry")
        case _:
            dispute = open_dispute_of(account, session)
            account.close_dispute(dispute or {}, won=do == "won")


def _row(account: "Account", session: Thing) -> str:
    buttons = "".join(
        f'<button name="do" value="{step}">{BUTTONS[step]}</button>'
        for step in next_steps(account, session)
    )
    hidden = f'<input type="hidden" name="session" value="{session["id"]}">'
    order = escape((session["client_reference_id"] or session["id"])[:8])
    amount = "a saved card"
    if session["mode"] != "setup":
        amount = escape(written(session["amount_total"], session["currency"]))
    state = f"{session['status']}, {session['payment_status']}"
    return (
        f"<tr><td>{order}</td><td>{amount}</td><td>{state}</td>"
        f'<td><form method="post">{hidden}{buttons}</form></td></tr>'
    )
