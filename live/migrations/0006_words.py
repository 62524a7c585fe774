"""Words that are not used here, and what a creator allows in their rooms."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_own_ways_of_sending'),
        ('live', '0005_block_by_gift'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RoomRules',
            fields=[
                ('creator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='room_rules', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='creator')),
                ('gift_messages', models.BooleanField(default=True, verbose_name='gifts carry messages')),
                ('links', models.BooleanField(default=False, verbose_name='links are allowed')),
            ],
            options={
                'verbose_name': 'rules of a room',
                'verbose_name_plural': 'rules of rooms',
            },
        ),
        migrations.CreateModel(
            name='BlockedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(help_text='A word, or up to three. A star at the end stands for whatever follows.', max_length=60, verbose_name='word')),
                ('folded', models.CharField(editable=False, max_length=60, verbose_name='as compared')),
                ('starts', models.BooleanField(default=False, editable=False, verbose_name='and what begins so')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                ('creator', models.ForeignKey(blank=True, help_text='Empty is the whole site.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blocked_words', to=settings.AUTH_USER_MODEL, verbose_name='creator')),
            ],
            options={
                'verbose_name': 'blocked word',
                'verbose_name_plural': 'blocked words',
                'ordering': ('word',),
                'constraints': [models.UniqueConstraint(fields=('folded', 'starts', 'creator'), name='one_blocked_word_per_place', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('folded', ''), _negated=True), name='blocked_word_is_a_word')],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_name("0006_words.sql").read_text(),
            "DROP FUNCTION live_refusal(bigint, boolean, boolean, text[], text[])",
        ),
    ]
