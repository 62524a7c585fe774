"""The word filter of rooms, and a first few words that are nothing but insults."""

import codecs
from pathlib import Path

from django.db import migrations

from foundation.install_sql import InstallSql

# Turned by 13 letters, so that a search of the code does not turn up insults.
WORDS = Path(__file__).parents[1] / "data" / "first_words.rot13"


def begin(apps, schema_editor):
    """Write them, as `fold_entry` folds them: plain letters, a star for what follows."""
    BlockedWord = apps.get_model("live", "BlockedWord")
    for word in codecs.decode(WORDS.read_text(), "rot13").splitlines():
        BlockedWord.objects.get_or_create(
            creator=None,
            folded=word.rstrip("*"),
            starts=word.endswith("*"),
            defaults={"word": word},
        )


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]
    operations = [
        InstallSql("refusal", "name_shown", "guests"),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
