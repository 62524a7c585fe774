import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0007_prune_keys'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(condition=models.Q(('kind', 'gift'), _negated=True), fields=['kind', 'id'], name='posting_of_kind'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='posting_booked'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['from_account', 'posting'], name='transfer_out'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['to_account', 'posting'], name='transfer_in'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('unit__in', ['COIN', 'DIAMOND']), _negated=True), fields=['unit', 'id'], name='transfer_of_money'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='transfer_booked'),
        ),
    ]
