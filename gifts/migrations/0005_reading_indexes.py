import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gifts', '0004_sets'),
        ('live', '0005_block_by_gift'),
        ('wallet', '0008_reading_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='sentgift',
            name='gift_of_creator',
        ),
        migrations.RemoveIndex(
            model_name='sentgift',
            name='gift_of_fan',
        ),
        migrations.AddIndex(
            model_name='sentgift',
            index=models.Index(fields=['creator', 'created_at', 'id'], include=('fan', 'coins', 'diamonds', 'rate_card', 'anonymous', 'undone_at'), name='gift_of_creator_in_time'),
        ),
        migrations.AddIndex(
            model_name='sentgift',
            index=models.Index(fields=['fan', 'created_at'], include=('coins', 'undone_at'), name='gift_of_fan_in_time'),
        ),
        migrations.AddIndex(
            model_name='sentgift',
            index=models.Index(condition=models.Q(('released_at__isnull', True), ('undone_at__isnull', True)), fields=['creator', 'release_at'], include=('diamonds', 'rate_card'), name='gift_on_hold'),
        ),
        migrations.AddIndex(
            model_name='sentgift',
            index=models.Index(condition=models.Q(('undone_at__isnull', False)), fields=['id'], name='gift_undone'),
        ),
        migrations.AddIndex(
            model_name='sentgift',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='gift_sent_at'),
        ),
    ]
