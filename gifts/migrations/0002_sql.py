"""Sending a gift in one statement, and the one row of its rules."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("gifts", "0001_initial"),
        ("ledger", "0002_sql"),
        ("live", "0002_sql"),
        ("wallet", "0002_rules"),
    ]
    operations = [
        InstallSql("digest", "send", "prune_keys", "shows", "holds"),
        migrations.RunSQL(
            "INSERT INTO gifts_giftpolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
    ]
