"""The documents name files, tests and settings that exist."""

import re
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

from foundation.errors import DomainError

HOUSE = Path(settings.BASE_DIR)
PAGES = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("deploy/*.md")])
RAISING = ("giftplatform.urls", "payouts.admin", "gifts.admin", "accounts.admin")


def text(name: str) -> str:
    return (HOUSE / name).read_text()


def kinds(parent: type[DomainError]) -> list[type[DomainError]]:
    """Return every refusal that the site knows."""
    below = parent.__subclasses__()
    return [*below, *chain.from_iterable(kinds(kind) for kind in below)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_refusal_is_in_the_table() -> None:
    for module in RAISING:
        import_module(module)
    told = text("docs/api.md").partition("## Refusals")[2]
    refusals = {kind.code for kind in kinds(DomainError) if not kind.__module__.endswith("test")}
    assert {code for code in refusals if f"`{code}`" not in told} == set()


def test_every_variable_is_explained_and_offered() -> None:
    sources = ("settings.py", "runtime/supervisor.py", "runtime/secrets.py")
    read = "".join(text(f"giftplatform/{name}") for name in sources)
    names = set(
        re.findall(r"(?:env\.\w+|secrets\.read|environ\.get)\((?:env, )?\"([A-Z_]+)\"", read)
    )
    unexplained = {name for name in names if f"`{name}`" not in text("docs/operator.md")}
    unoffered = {name for name in names if f"{name}=" not in text(".env.example")}
    assert unexplained - {"TEST_DB_SUFFIX", "PYTEST_XDIST_WORKER"} == set()
    assert unoffered - {"TEST_DB_SUFFIX", "PYTEST_XDIST_WORKER", "DEBUG"} == set()


def test_every_job_is_in_the_table() -> None:
    told = text("docs/reference.md")
    jobs = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {job for job in jobs if f"`{job}`" not in told} == set()


def test_every_address_of_the_api_is_in_the_table() -> None:
    from drf_spectacular.generators import SchemaGenerator

    told = re.sub(r"<\w+>", "<>", text("docs/api.md"))
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # ships no types
    calls = [path for path in schema["paths"] if path.startswith("/api/v1/")]
    paths = {re.sub(r"\{\w+\}", "<>", path.removeprefix("/api/v1")) for path in calls}
    assert {path for path in paths if path not in told} == set()
