"""Keys in a table of their own, transfers that know their moment, and a writer that works in sets."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

KEYS = """
CREATE TABLE ledger_key (
    key varchar(120) COLLATE "C" PRIMARY KEY,
    posting_id bigint NOT NULL,
    input_hash bytea NOT NULL,
    created_at timestamptz NOT NULL
);
INSERT INTO ledger_key (key, posting_id, input_hash, created_at)
SELECT key, id, input_hash, created_at FROM ledger_posting
UNION ALL
SELECT 'reverses:' || o.key, r.id, r.input_hash, r.created_at
FROM ledger_posting r JOIN ledger_posting o ON o.id = r.reverses_id;
"""

MOMENTS = """
ALTER TABLE ledger_transfer ADD COLUMN created_at timestamptz;
ALTER TABLE ledger_transfer DISABLE TRIGGER transfer_append_only;
UPDATE ledger_transfer t SET created_at = p.created_at FROM ledger_posting p WHERE p.id = t.posting_id;
ALTER TABLE ledger_transfer ENABLE TRIGGER transfer_append_only;
ALTER TABLE ledger_transfer ALTER COLUMN created_at SET NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("wallet", "0005_plain_refusal")]
    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand, because Django would add a second index for LIKE, which every send would pay.
            database_operations=[migrations.RunSQL(KEYS, "DROP TABLE ledger_key")],
            state_operations=[
                migrations.CreateModel(
                    name="Key",
                    fields=[
                        (
                            "key",
                            models.CharField(
                                db_collation="C",
                                max_length=120,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("input_hash", models.BinaryField(max_length=32)),
                        ("created_at", models.DateTimeField()),
                        (
                            "posting",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="claims",
                                to="wallet.posting",
                            ),
                        ),
                    ],
                    options={"db_table": "ledger_key"},
                ),
            ],
        ),
        migrations.RemoveField("posting", "input_hash"),
        migrations.AlterField("posting", "key", models.CharField(max_length=120)),
        migrations.AlterField(
            "posting",
            "reverses",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="reversals",
                to="wallet.posting",
                verbose_name="takes back",
            ),
        ),
        migrations.AddIndex(
            "posting",
            models.Index(
                condition=models.Q(("reverses__isnull", False)),
                fields=["reverses"],
                name="posting_reverses",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOMENTS)],
            state_operations=[
                migrations.AddField(
                    "transfer",
                    "created_at",
                    models.DateTimeField(verbose_name="booked"),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.RunSQL(Path(__file__).with_name("0006_sets.sql").read_text()),
    ]
