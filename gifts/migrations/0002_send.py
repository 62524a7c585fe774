"""Sending a gift: guards, posting, gift row and live event in one statement."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("gifts", "0001_initial"),
        ("live", "0001_initial"),
        ("wallet", "0002_ledger"),
        ("accounts", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0002_send.sql").read_text(),
            reverse_sql="DROP FUNCTION gifts_send",
        )
    ]
