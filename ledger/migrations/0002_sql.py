"""The ledger's functions and triggers, and the one row of its horizon."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        InstallSql("leg", "open", "balance", "fold", "write", "post", "prune_keys", "append_only"),
        InstallSql("room"),
        migrations.RunSQL(
            "INSERT INTO ledger_horizon (id, xid, folded_at) VALUES (1, '0'::xid8, now())",
            migrations.RunSQL.noop,
        ),
    ]
