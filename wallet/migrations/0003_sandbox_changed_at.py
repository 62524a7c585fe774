"""The sandbox remembers when a payment last changed, so that polling finds what no webhook told."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wallet", "0002_ledger")]

    operations = [
        migrations.AddField(
            model_name="sandboxpayment",
            name="changed_at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
    ]
