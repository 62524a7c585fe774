"""The one row of each of the rules, whose columns know their defaults, and what postings are held against."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [
        InstallSql(
            "facts",
            "refund_facts",
            "documents",
            "top_ups",
            "transfer_facts",
            "movement_facts",
            "velocity",
            "reference",
        ),
        migrations.RunSQL(
            "INSERT INTO wallet_spendingpolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "INSERT INTO wallet_disputepolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "INSERT INTO wallet_codepolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
    ]
