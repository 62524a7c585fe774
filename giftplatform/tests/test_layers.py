"""Templates, addresses, scripts and SQL look down, as imports do.

import-linter sees Python's imports only. A template that includes another app's, a redirect to
another app's page, a script's import and a table named in SQL tie two apps together as well, so the
same layers hold for them. Pages put together from several apps lie in `templates/pages/`, above all
of them.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT: Path = settings.BASE_DIR
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in SETUP if contract["type"] == "layers")
HEIGHT = {
    app: -depth
    for depth, layer in enumerate(LAYERS)
    for app in (a.strip() for a in layer.split("|"))
}
TOP = "giftplatform"

# A fragment of another app that a page fetches by its address, or the page that a mail leads to.
JOINED_BY_ADDRESS = {
    ("wallet", "gifts:sent_names"),  # the wallet knows postings, and lets gifts name them
    ("payouts", "studio:payout"),  # emails about a payout lead to its page
    ("payouts", "studio:payouts"),
    ("care", "studio:payouts"),  # what can be paid out before an account closes
    ("gifts", "care:guardian"),  # what families can do, where fairness and refunds are explained
    ("wallet", "care:guardian"),
    ("gifts", "studio:earnings"),  # an email about gifts leads to their statement
}

IN_TEMPLATES = {
    "url": re.compile(r"""\{% url ["'](\w+:\w+)["']"""),
    "include": re.compile(r"""\{% (?:include|extends) ["'](\w+/[\w/]+\.\w+)["']"""),
    "static": re.compile(r"""\{% static ["'](\w+/[\w/.-]+)["']"""),
}
LOAD = re.compile(r"\{% load ([\w ]+?) %\}")
IN_PYTHON = {
    "url": re.compile(r"""["'](\w+:\w+)["']"""),
    "template": re.compile(r"""["'](\w+/[\w/]+\.(?:html|txt))["']"""),
}


def looks_up(app: str, name: str) -> bool:
    """Return whether something named `<other>:...` or `<other>/...` lies above or beside an app."""
    other = re.split(r"[:/]", name, maxsplit=1)[0]
    return (
        other in HEIGHT
        and other != app
        and HEIGHT[other] >= HEIGHT[app]
        and (app, name) not in JOINED_BY_ADDRESS
    )


def sources(*suffixes: str) -> Iterator[tuple[str, Path]]:
    """Yield each file of our apps that is no test and no migration, with its app."""
    for app in HEIGHT:
        for file in sorted((ROOT / app).rglob("*")):
            skipped = {"tests", "migrations", "static"} & set(file.relative_to(ROOT).parts)
            if file.suffix in suffixes and not skipped:
                yield app, file


def test_templates_look_down() -> None:
    libraries = {
        file.stem: app for app, file in sources(".py") if file.parent.name == "templatetags"
    }
    wrong = []
    for file in sorted((ROOT / "templates").rglob("*.*")):
        place = file.relative_to(ROOT / "templates")
        app = place.parts[0] if place.parts[0] in HEIGHT else TOP
        text = file.read_text()
        named = [name for pattern in IN_TEMPLATES.values() for name in pattern.findall(text)]
        loaded = [word for words in LOAD.findall(text) for word in words.split()]
        named += [f"{libraries[word]}:{word}" for word in loaded if word in libraries]
        wrong += [f"{place}: {name}" for name in named if looks_up(app, name)]
    assert not wrong, "\n".join(wrong)


def test_scripts_look_down() -> None:
    imported = re.compile(r"""(?:from|import\() ?["'](?:\.\./)+(\w+)/""")
    wrong = [
        f"{file.relative_to(ROOT)}: {other}"
        for app in HEIGHT
        for file in sorted((ROOT / app / "static").rglob("*.js"))
        for other in imported.findall(file.read_text())
        if looks_up(app, f"{other}/")
    ]
    assert not wrong, "\n".join(wrong)


def test_addresses_and_templates_in_python_look_down() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for app, file in sources(".py")
        for pattern in IN_PYTHON.values()
        for name in pattern.findall(file.read_text())
        if looks_up(app, name)
    ]
    assert not wrong, "\n".join(wrong)


def test_tables_in_sql_look_down() -> None:
    tables = {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in HEIGHT
    }
    functions = {
        name: app
        for app, file in sources(".sql")
        for name in re.findall(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)", file.read_text())
    }
    owners = tables | functions
    word = re.compile(rf"\b({'|'.join(sorted(owners, key=len, reverse=True))})\b")
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for app, file in sources(".py", ".sql")
        for name in sorted(set(word.findall(file.read_text())))
        if owners[name] != app and HEIGHT[owners[name]] >= HEIGHT[app]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_app_has_its_place() -> None:
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()}
    assert ours <= set(HEIGHT), "An app without a layer: add it to pyproject.toml."
