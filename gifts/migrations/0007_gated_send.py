"""Sending asks for whom, where and when a gift is, and what its message says."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_own_ways_of_sending"),
        ("gifts", "0006_gates"),
        ("live", "0006_words"),
    ]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("0007_gated_send.sql").read_text()),
    ]
