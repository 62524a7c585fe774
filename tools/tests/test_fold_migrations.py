"""The first migrations are folded: a new database is soon made."""

import pytest
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel

from tools.fold_migrations import first_migrations, folded


def test_each_first_migration_is_folded() -> None:
    found = first_migrations()
    assert {"accounts", "ledger", "wallet", "gifts", "live", "payouts"} <= found.keys()
    unfolded = {
        label: len(migration.operations) - len(folded(migration.operations))
        for label, migration in found.items()
    }
    assert not any(unfolded.values()), f"python -m tools.fold_migrations: {unfolded}"


@pytest.mark.parametrize("late", [False, True])
def test_what_names_a_field_that_is_added_later_stays_behind_it(late: bool) -> None:
    table = CreateModel("Boat", [("id", models.AutoField(primary_key=True))], options={})
    field = AddField("boat", "sails" if late else "oars", models.IntegerField())
    check = models.CheckConstraint(condition=models.Q(sails__gte=1), name="boat_sails")
    index = models.Index(fields=["id"], name="boat_id")
    operations = [table, field, AddConstraint("boat", check), AddIndex("boat", index)]
    after = folded(operations)
    assert after == ([table, field, operations[2]] if late else [table, field])
    assert table.options == {"indexes": [index]} | ({} if late else {"constraints": [check]})
