"""A test database that is changed as an edit of a text or of a constraint says.

Making one anew from the edited migrations ends at the same tables and takes much longer.

`python -m giftplatform.tests.mutants.tables`, in the tree, reads the edits from its input.
"""

import json
import sys
from typing import Any, cast

import django
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.migrations import AddConstraint, CreateModel
from django.db.models import BaseConstraint

Constraints = dict[tuple[str, str, str], BaseConstraint]


def change(path: str, before: str, after: str) -> None:
    """Change the tables as a file says that read `before` and reads `after`."""
    if "/sql/" in path:
        from foundation.install_sql import UNREAD

        with connection.cursor() as cursor:
            cursor.execute(UNREAD + after)
        return
    app = path.partition("/")[0]
    old, new = _constraints(app, before), _constraints(app, after)
    different = [place for place in old if old[place] != new.get(place)]
    if not different:
        raise SystemExit(f"Neither a text nor a constraint: {path}")
    with connection.schema_editor() as editor:
        for place in different:
            model = apps.get_model(*place[:2])
            editor.remove_constraint(model, old[place])
            editor.add_constraint(model, new[place])


def _constraints(app: str, migration: str) -> Constraints:
    """Return what a migration's text constrains, by app, model and name."""
    there: dict[str, Any] = {}
    exec(compile(migration, app, "exec"), there)
    found: Constraints = {}
    for operation in there["Migration"].operations:
        if isinstance(operation, AddConstraint):
            found[app, operation.model_name, operation.constraint.name] = operation.constraint
        elif isinstance(operation, CreateModel):
            for one in cast("list[BaseConstraint]", operation.options.get("constraints", [])):
                found[app, operation.name.lower(), one.name] = one
    return found


if __name__ == "__main__":
    assert pytest  # by which the settings know that this is about a test's database
    django.setup()
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
    with transaction.atomic():
        for edit in json.load(sys.stdin):
            change(*edit)
