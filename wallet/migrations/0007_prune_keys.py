"""Old keys of gifts can be forgotten; off unless the operator wants it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallet", "0006_sets")]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("0007_prune_keys.sql").read_text()),
    ]
