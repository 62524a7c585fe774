"""A database's schema in lines that can be compared."""

from django.apps import apps
from django.db import connection

# Nothing of what an extension brings, and of tables only ours.
CODE = {
    "function": """
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    """,
    "trigger": """
        SELECT pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    """,
    "type": """
        SELECT t.typname || ' ' || coalesce((
            SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
                              ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped), '')
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = 'public'::regnamespace AND t.typcategory <> 'A'
        AND (c.relkind = 'c' OR t.typtype IN ('e', 'd', 'r'))
    """,
}
TABLES = {
    "table": """
        SELECT c.relname || ' ' || coalesce(array_to_string(c.reloptions, ', '), '')
        FROM pg_class c WHERE c.oid = ANY (%(tables)s::regclass[])
    """,
    "column": """
        SELECT concat_ws(' ', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'not null' END,
            'identity ' || nullif(a.attidentity::text, ''),
            'default ' || pg_get_expr(d.adbin, d.adrelid),
            CASE WHEN a.attcollation NOT IN (0, '"default"'::regcollation)
            THEN 'collate ' || a.attcollation::regcollation END)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        WHERE a.attrelid = ANY (%(tables)s::regclass[]) AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraint": """
        SELECT k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
        FROM pg_constraint k WHERE k.conrelid = ANY (%(tables)s::regclass[])
    """,
    "index": """
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
        WHERE i.indrelid = ANY (%(tables)s::regclass[])
    """,
}
OURS = ("accounts", "ledger", "wallet", "live", "gifts", "payouts", "video", "care", "overlay")


def _lines(questions: dict[str, str], tables: list[str]) -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for what, question in questions.items():
            cursor.execute(question, {"tables": tables})
            found |= {f"{what}: {text}" for (text,) in cursor.fetchall()}
    return found


def code() -> set[str]:
    """Return every function, trigger and type of the database."""
    return _lines(CODE, [])


def tables() -> set[str]:
    """Return every column, constraint and index of our apps' tables."""
    models = (
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )
    return _lines(TABLES, [model._meta.db_table for model in models])


def drop_code() -> None:
    """Take every function, trigger and type away."""
    with connection.cursor() as cursor:
        for line in (
            "SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal",
            "SELECT format('DROP FUNCTION %s CASCADE', p.oid::regprocedure) FROM pg_proc p"
            " WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS"
            " (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
            "SELECT format('DROP TYPE %s CASCADE', t.oid::regtype) FROM pg_type t"
            " LEFT JOIN pg_class c ON c.oid = t.typrelid"
            " WHERE t.typnamespace = 'public'::regnamespace AND t.typcategory <> 'A'"
            " AND (c.relkind = 'c' OR t.typtype IN ('e', 'd', 'r'))",
        ):
            cursor.execute(line)
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)
