"""`python -m tools.fold_migrations`: constraints and indexes into the tables that they are of.

Django writes most of them as operations of their own, and builds each model that is related to a
table anew for every operation: folded, the first migration of a database takes half as long.
"""

import os
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.migration import SwappableTuple
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter
from django.db.models import BaseConstraint, Index

FIRST = "0001_initial"
ROOT = Path(__file__).parents[1]


def first_migrations() -> dict[str, type[Migration]]:
    """Return the first migration of each app of ours, by the app's label."""
    ours = (config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT)
    files = {label: ROOT / label / "migrations" / f"{FIRST}.py" for label in ours}
    return {
        label: import_module(f"{label}.migrations.{FIRST}").Migration
        for label, file in files.items()
        if file.exists()
    }


def folded(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations with every constraint and index inside the table that it is of.

    One that names a field which is added later stays where it is.
    """
    kept: list[Operation] = []
    tables: dict[str, CreateModel] = {}
    added: dict[str, set[str]] = {}
    for operation in operations:
        if isinstance(operation, CreateModel):
            tables[operation.name_lower] = operation
        elif isinstance(operation, AddField):
            added.setdefault(operation.model_name_lower, set()).add(operation.name)
        elif isinstance(operation, AddConstraint | AddIndex):
            table = tables.get(operation.model_name_lower)
            late = added.get(operation.model_name_lower, set())
            # Names of fields stand at any depth; a name too many only leaves it where it is.
            text = repr(_thing(operation).deconstruct())
            if table and not any(name in text for name in late):
                option = operation.option_name
                table.options[option] = [*table.options.get(option, []), _thing(operation)]
                continue
        kept.append(operation)
    return kept


def _thing(operation: AddConstraint | AddIndex) -> BaseConstraint | Index:
    return operation.constraint if isinstance(operation, AddConstraint) else operation.index


def main() -> None:
    """Write the first migrations anew where something can be folded."""
    for label, migration in first_migrations().items():
        operations = folded(migration.operations)
        if len(operations) == len(migration.operations):
            continue
        # The writer wants the setting's name, not the model that it names.
        needed = [
            ("__setting__", "AUTH_USER_MODEL") if isinstance(each, SwappableTuple) else each
            for each in migration.dependencies
        ]
        new = type("Migration", (migration,), {"operations": operations, "dependencies": needed})
        file = ROOT / label / "migrations" / f"{FIRST}.py"
        file.write_text(MigrationWriter(new(FIRST, label)).as_string())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
    django.setup()
    main()
