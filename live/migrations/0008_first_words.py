"""The site's list begins with a few words that are nothing but an insult. Staff keep it."""

import codecs
from pathlib import Path

from django.db import migrations

# Turned by 13 letters: nobody should meet them while looking for something else.
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
    dependencies = [
        ("live", "0007_moderators"),
    ]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
