"""The pages, jobs and proofs whose time could grow with the history.

Django is ready, and looks at the grown database, before this is used.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import ledger
from accounts.models import User
from benchmarks.plan import LARGE
from gifts.earnings.release import release_due
from gifts.models import SentGift
from ledger import checks, statements
from ledger.models import Account, Posting, Transfer
from wallet.coins import history
from wallet.coins.recognition import recognise

TIMES = 5
DEEP = 100_000


def jobs() -> tuple[list[dict[str, Any]], list[checks.Breach]]:
    """Run what runs by itself; return each with its seconds, and what the audit found."""
    done: list[dict[str, Any]] = []

    def run(name: str, job: Callable[[], Any], note: Callable[[Any], str]) -> Any:
        began = time.monotonic()
        answer = job()
        done.append({"name": name, "s": time.monotonic() - began, "note": note(answer)})
        print(f"{name}: {done[-1]['s']:.1f} s, {done[-1]['note']}", flush=True)
        return answer

    run("snapshots", take_snapshots, lambda written: f"{written:,} accounts")
    run("release", release_due, lambda diamonds: f"{diamonds:,} diamonds")
    run("recognition, all purchases", recognise, str)
    run("recognition, nothing new", recognise, str)
    breaches = run("check_ledger", checks.run, lambda found: f"{len(found)} breaches")
    return done, breaches


def take_snapshots() -> int:
    """Bring the snapshots up to what was sent lately."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots()")
        return int(cursor.fetchone()[0])


def pages() -> list[dict[str, Any]]:
    """Open each page some times; return its median and which large tables it read as a whole."""
    return [measured(*page) for page in every_page()]


def every_page() -> Iterator[tuple[str, Client, str]]:
    """Yield each page's name, who opens it, and its address."""
    fan = User.objects.get(handle="fan_1")
    star = User.objects.get(handle="creator_1")
    small = User.objects.get(handle="creator_2")
    staff = User.objects.create_superuser("staff@bench.test", handle="bench_staff")
    seen: dict[User, Client] = {}
    for user in (fan, star, small, staff):
        seen[user] = Client(SERVER_NAME="localhost")
        seen[user].force_login(user)

    yield "a fan's wallet", seen[fan], reverse("wallet:wallet")
    deep = history.page(fan, limit=300).before
    yield "a fan's history, deep", seen[fan], f"{reverse('wallet:history')}?before={deep}"

    for who, creator in (("the star", star), ("a small creator", small)):
        yield f"studio, {who}", seen[creator], reverse("studio:home")
        yield f"console, {who}", seen[creator], reverse("studio:console")
        yield f"statement, {who}", seen[creator], reverse("studio:earnings")
        first = SentGift.objects.filter(creator=creator).order_by("created_at", "pk")
        if old := first.values_list("pk", flat=True)[60:61].first():
            address = f"{reverse('studio:earnings')}?before={old}"
            yield f"statement, {who}, its end", seen[creator], address

    yield from staff_pages(seen[staff], star)


def staff_pages(staff: Client, star: User) -> Iterator[tuple[str, Client, str]]:
    """Yield the staff's pages of the ledger and of what was sent."""
    yield "staff: first page", staff, reverse("admin:index")
    for model in (Posting, Transfer, SentGift, Account):
        name = model._meta.verbose_name_plural
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield f"staff: {name}", staff, address
        yield f"staff: {name}, deep", staff, f"{address}?p={model._default_manager.count() // 2}"
        if model is Posting:
            key = Posting.objects.filter(kind="gift").order_by("id").values_list("key", flat=True)
            yield "staff: a posting by its key", staff, f"{address}?q={key[1000]}"
            yield "staff: postings of a rare kind", staff, f"{address}?kind=recognition"
            yield "staff: postings of today", staff, f"{address}?{today()}"
        if model is Transfer:
            yield "staff: transfers of money", staff, f"{address}?unit=EUR"
            yield "staff: transfers of a currency that was never used", staff, f"{address}?unit=JPY"
        if model is SentGift:
            gift = SentGift.objects.order_by("pk").values_list("public_id", flat=True)[1000]
            yield "staff: a gift by its number", staff, f"{address}?q={gift}"
            yield "staff: gifts of the star", staff, f"{address}?q={star.handle}"
            yield "staff: gifts of a fan", staff, f"{address}?q=fan_1"
            for state in ("held", "released", "undone"):
                yield f"staff: gifts {state}", staff, f"{address}?state={state}"
            yield "staff: gifts of today", staff, f"{address}?{today()}"
    for name, pk in (
        ("the star's diamonds on hold", ledger.account_id("diamonds_held", "DIAMOND", star.pk)),
        ("coins spent", ledger.account_id("coins_spent", "COIN")),
        ("unearned", ledger.account_id("unearned", "EUR")),
    ):
        address = reverse("admin:ledger_account_statement", args=[pk])
        yield f"staff: statement of {name}", staff, address
        deep = statements.page(Account.objects.get(pk=pk), limit=DEEP).before
        if deep:
            yield f"staff: statement of {name}, {DEEP:,} deep", staff, f"{address}?before={deep}"


def today() -> str:
    """Return the query of the admin's filter for today."""
    from django.utils import timezone

    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return f"created_at__gte={midnight:%Y-%m-%d}%2000:00:00%2B00:00"


def measured(name: str, client: Client, address: str) -> dict[str, Any]:
    """Open a page; return the median of its times, and the large tables that it read as a whole."""
    with CaptureQueriesContext(connection) as first:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {address} answered {answer.status_code}")
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1000)
    whole = sorted({table for query in first for table in read_whole(query["sql"])})
    print(f"{name}: {statistics.median(took):.0f} ms {' '.join(whole)}", flush=True)
    return {"name": name, "ms": statistics.median(took), "queries": len(first), "whole": whole}


def read_whole(sql: str) -> Iterable[str]:
    """Return the large tables that PostgreSQL reads from end to end for a query."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    nodes = [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
            yield node["Relation Name"]
