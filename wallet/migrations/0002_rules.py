"""The one row of the rules; its columns know their defaults."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO wallet_spendingpolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
    ]
