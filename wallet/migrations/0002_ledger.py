"""The ledger's one writer, its balances, the fold, and the triggers that keep history append-only."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0002_ledger.sql").read_text(),
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
