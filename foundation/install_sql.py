"""Functions, triggers and types of the database: their text stands in `<app>/sql/`, once.

A migration says which files to install, and a later one says it again when a text has changed:

    operations = [InstallSql("leg", "write", "post")]
    operations = [InstallSql("post", again=True)]

The text is always the current one. It installs over what is there (`CREATE OR REPLACE`), so a new
database, which installs the newest text several times, ends where an old one does.
"""

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.operations.base import Operation

# What a file makes, as it can be dropped.
MADE = re.compile(
    r"^CREATE (?:OR REPLACE )?(?P<kind>FUNCTION|TYPE|TRIGGER) (?P<name>\w+)"
    r"(?:[^;]*?\bON (?P<table>\w+))?",
    re.MULTILINE,
)
# A text may name what a later file of the same migration makes.
UNREAD = "SET LOCAL check_function_bodies = off;\n"


def folder(app_label: str) -> Path:
    """Return where an app's texts lie."""
    return Path(apps.get_app_config(app_label).path) / "sql"


def texts(app_label: str) -> list[str]:
    """Return every text of an app in an order in which they can be installed: types first."""
    found = [path.read_text() for path in sorted(folder(app_label).glob("*.sql"))]
    return sorted(found, key=lambda text: "\nCREATE TYPE" not in f"\n{text}")


def drops(text: str) -> list[str]:
    """Return the statements that take away what a text makes, the last first."""
    made = []
    for found in MADE.finditer(text):
        on = f" ON {found['table']}" if found["kind"] == "TRIGGER" else ""
        made.append(f"DROP {found['kind']} IF EXISTS {found['name']}{on}")
    return made[::-1]


class InstallSql(Operation):
    """Install files of the app's `sql/`, by name.

    Going back takes away what they make. With `again` they were there before, and going back
    leaves them: the text of before is in the history of the tree, not in the tree.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, *names: str, again: bool = False) -> None:
        self.names = names
        self.again = again

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, bool]]:
        """Return what a written migration says."""
        return "InstallSql", self.names, {"again": True} if self.again else {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Run the files."""
        for name in self.names:
            text = (folder(app_label) / f"{name}.sql").read_text()
            schema_editor.execute(UNREAD + text, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take away what the files made, unless it was there before."""
        if self.again:
            return
        for name in reversed(self.names):
            for statement in drops((folder(app_label) / f"{name}.sql").read_text()):
                schema_editor.execute(statement)

    def describe(self) -> str:
        """Return what `migrate --plan` shows."""
        return f"Install {', '.join(f'{name}.sql' for name in self.names)}"
