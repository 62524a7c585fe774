"""The one row of the rules, whose columns know their defaults; the triggers, and what postings are
held against.
"""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial")]
    operations = [
        InstallSql("handed_over", "facts"),
        migrations.RunSQL(
            "INSERT INTO payouts_payoutpolicy (id) VALUES (1)", migrations.RunSQL.noop
        ),
        InstallSql("two_people"),
    ]
