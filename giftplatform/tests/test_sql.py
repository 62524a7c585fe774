"""The database is what the files and the models say, whichever way it was made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from foundation.install_sql import InstallSql, folder, texts
from giftplatform.tests import database

WITH_SQL = [app for app in database.OURS if texts(app)]


class NoMigrations(dict[str, Any]):
    """Tells Django that every app's tables are made from its models."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def install_all() -> None:
    with connection.cursor() as cursor:
        for app in WITH_SQL:
            for text in texts(app):
                cursor.execute(text)


@contextmanager
def empty_database() -> Iterator[None]:
    """Turn the connection to a new database with nothing in it, and throw it away afterwards."""
    tested = connection.settings_dict["NAME"]
    name = f"{tested}_of_models"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = tested
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.django_db
def test_functions_triggers_and_types_are_what_the_files_say() -> None:
    """A text that was changed without a migration differs, and so does what no file makes."""
    migrated = database.code()
    with transaction.atomic():
        database.drop_code()
        assert database.code() == set()
        install_all()
        in_files = database.code()
        transaction.set_rollback(True)
    assert migrated - in_files == set(), "in the database and in no file"
    assert in_files - migrated == set(), "in a file and not in the database"


def test_the_migrations_add_up_to_the_models_and_the_files(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, settings: Settings
) -> None:
    with django_db_blocker.unblock():
        migrated = database.tables() | database.code()
        with empty_database():
            settings.MIGRATION_MODULES = NoMigrations()
            call_command("migrate", run_syncdb=True, verbosity=0)
            install_all()
            made = database.tables() | database.code()
    assert migrated - made == set(), "only in the migrated database"
    assert made - migrated == set(), "only in the one of models and files"


@pytest.mark.django_db
@pytest.mark.parametrize("app", WITH_SQL)
def test_each_file_is_installed_by_a_migration_and_can_be_taken_back(app: str) -> None:
    names = {path.stem for path in folder(app).glob("*.sql")}
    installed = [
        operation
        for (label, _), migration in MigrationLoader(connection).disk_migrations.items()
        for operation in migration.operations
        if label == app and isinstance(operation, InstallSql)
    ]
    assert {name for operation in installed for name in operation.names} == names
    before, state = database.code(), ProjectState()
    with connection.schema_editor(atomic=False) as editor, transaction.atomic():
        for operation in reversed(installed):
            operation.database_backwards(app, editor, state, state)
        assert all(f" {app}_" not in line.split("(")[0] for line in database.code())
        for operation in installed:
            operation.database_forwards(app, editor, state, state)
        assert database.code() == before
        transaction.set_rollback(True)
