"""The triggers that note who gains or loses which right, and keep what staff wrote."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [InstallSql("notes", "rights", "terms", "pauses", "limits", "reference"),
        migrations.RunSQL(
            "INSERT INTO accounts_referenceversion (id, version) VALUES (1, gen_random_uuid())",
            migrations.RunSQL.noop,
        ),
    ]
