"""The one row of the rules; its columns know their defaults."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO payouts_payoutpolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
    ]
