"""What is held against closings."""

from django.db import migrations

from foundation.install_sql import InstallSql


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]
    operations = [InstallSql("closings")]
