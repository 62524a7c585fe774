"""Sending in sets: each send of a set is answered for itself."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("gifts", "0003_plain_names"),
        ("live", "0004_block"),
        ("wallet", "0006_sets"),
    ]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("0004_sets.sql").read_text()),
    ]
