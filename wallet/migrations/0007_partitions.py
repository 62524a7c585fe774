"""Postings and transfers can be split by month, and old keys of gifts can be forgotten; both off."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallet", "0006_sets")]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("0007_partitions.sql").read_text()),
    ]
