"""The ledger's functions and triggers, and the one row of its checkpoint."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        InstallSql("leg", "family", "digest", "open", "balance", "take_snapshots", "write", "post"),
        InstallSql("prune_keys", "append_only", "fillfactor", "lock_owners"),
        migrations.RunSQL(
            "INSERT INTO ledger_checkpoint (id, xid, moved_at) VALUES (1, '0'::xid8, now())",
            migrations.RunSQL.noop,
        ),
    ]
