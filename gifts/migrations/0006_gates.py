"""When, where and by whom a gift can be sent, and how long its message is."""

import django.contrib.postgres.fields
import django.core.validators
import gifts.policy
from django.db import migrations, models


LENGTHS = """
UPDATE gifts_gift SET
    message_length = CASE kind WHEN 'sticker' THEN 40 WHEN 'small' THEN 80 WHEN 'medium' THEN 120
        WHEN 'large' THEN 200 ELSE 300 END,
    confirm_twice = slug = 'new-horizon'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('gifts', '0005_reading_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='gift',
            name='available_from',
            field=models.DateTimeField(blank=True, help_text='Empty is from now on.', null=True, verbose_name='offered from'),
        ),
        migrations.AddField(
            model_name='gift',
            name='club_only',
            field=models.BooleanField(default=False, help_text='Only fans who sent this creator a gift lately can send it.', verbose_name="for the creator's club only"),
        ),
        migrations.AddField(
            model_name='gift',
            name='confirm_twice',
            field=models.BooleanField(default=False, help_text='Hold, and then a second press, whatever it costs.', verbose_name='always asks before sending'),
        ),
        migrations.AddField(
            model_name='gift',
            name='countries',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, help_text='Only fans who live here can send it. Empty is everywhere.', size=None, verbose_name='countries'),
        ),
        migrations.AddField(
            model_name='gift',
            name='from_level',
            field=models.PositiveSmallIntegerField(default=0, help_text='0 is everybody. What a level takes stands in the rules for sending.', validators=[django.core.validators.MaxValueValidator(10)], verbose_name='from supporter level'),
        ),
        migrations.AddField(
            model_name='gift',
            name='message_length',
            field=models.PositiveSmallIntegerField(blank=True, default=40, help_text='0 is no message. Left empty, it follows the size on screen.', validators=[django.core.validators.MaxValueValidator(300)], verbose_name='message up to, characters'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='gift',
            name='motion',
            field=models.CharField(blank=True, max_length=160, verbose_name='animation'),
        ),
        migrations.AddField(
            model_name='giftpolicy',
            name='club_coins',
            field=models.PositiveIntegerField(default=10, verbose_name="a creator's club begins with a gift of, coins"),
        ),
        migrations.AddField(
            model_name='giftpolicy',
            name='club_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='and lasts, days'),
        ),
        migrations.AddField(
            model_name='giftpolicy',
            name='level_coins',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=gifts.policy.default_levels, help_text='Ten numbers, each larger than the one before: level 1, level 2 and so on.', size=10, verbose_name='supporter levels, from coins sent'),
        ),
        migrations.AlterField(
            model_name='gift',
            name='art',
            field=models.CharField(help_text='path under static/', max_length=160, verbose_name='picture'),
        ),
        migrations.AlterField(
            model_name='gift',
            name='retired_at',
            field=models.DateTimeField(blank=True, help_text='Empty is for ever.', null=True, verbose_name='offered until'),
        ),
        migrations.AlterField(
            model_name='sentgift',
            name='message',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name='giftpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('level_coins__len', 10)), name='every_level_has_its_coins'),
        ),
        migrations.RunSQL(LENGTHS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('message_length__lte', 300)), name='gift_message_fits'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('from_level__lte', 10)), name='gift_is_for_a_level_there_is'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('available_from__isnull', True), ('retired_at__isnull', True), ('available_from__lt', models.F('retired_at')), _connector='OR'), name='gift_is_retired_after_it_came'),
        ),
    ]
