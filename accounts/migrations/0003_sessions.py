"""Sessions get a link to their person; everybody stays signed in."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.utils import timezone


def move_in(apps, schema_editor):
    """Move the sessions that still hold from Django's table into ours, unchanged."""
    Old, New = apps.get_model("sessions", "Session"), apps.get_model("accounts", "Session")
    people = set(apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("pk", flat=True))
    reader = SessionStore()

    def moved():
        for old in Old.objects.filter(expire_date__gt=timezone.now()).iterator():
            whose = reader.decode(old.session_data).get(SESSION_KEY)
            if whose is None or int(whose) in people:
                yield New(
                    session_key=old.session_key,
                    session_data=old.session_data,
                    expire_date=old.expire_date,
                    user_id=whose,
                )

    New.objects.bulk_create(moved(), batch_size=1000)
    Old.objects.all().delete()


def move_out(apps, schema_editor):
    """Give the sessions back to Django's table."""
    Old, New = apps.get_model("sessions", "Session"), apps.get_model("accounts", "Session")
    kept = ("session_key", "session_data", "expire_date")
    Old.objects.bulk_create(
        (Old(**row) for row in New.objects.values(*kept).iterator()), batch_size=1000
    )


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_plain_names"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("seen_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.RunPython(move_in, move_out),
    ]
