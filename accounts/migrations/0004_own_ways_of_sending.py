"""How a fan sends: their own confirmation threshold, and on no list if they like."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="confirm_from_coins",
            field=models.PositiveIntegerField(blank=True, help_text="Empty: as the site does. A gift of so many coins is asked about first.", null=True, verbose_name="own confirmation, from coins"),
        ),
        migrations.AddField(
            model_name="user",
            name="private_supporter",
            field=models.BooleanField(default=False, help_text="Gifts show the name in the room, and on no list, board or picture.", verbose_name="private supporter"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(("confirm_from_coins__isnull", True), models.Q(("confirm_from_coins__gte", 1), ("confirm_from_coins__lte", 1000000)), _connector="OR"), name="own_confirmation_1_to_1000000"),
        ),
    ]
