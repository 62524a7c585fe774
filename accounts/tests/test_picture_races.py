"""Two uploads of one creator at once."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import Creator
from accounts.pictures import services
from accounts.tests.pictures import BLUE, RED, picture, upload
from conftest import person
from testing.threads import Meeting, meet_after, together


def two_uploads(monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """Let a creator upload two at once; return what is shown, and the files."""
    ann = person("ann", is_creator=True)
    Creator.objects.create(user=ann)
    upload(ann, picture())
    meet_after(monkeypatch, services, "_locked", Meeting())
    together(lambda number: upload(ann, picture(colour=(RED, BLUE)[number])))
    return Creator.objects.get(user=ann).picture, default_storage.listdir(services.FOLDER)[1]


@pytest.mark.parametrize("locked", [True, False])
def test_of_two_uploads_at_once_one_file_is_left(
    committed: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, locked: bool
) -> None:
    """Without the lock neither knows of the other's file, and one stays behind."""
    settings.MEDIA_ROOT = tmp_path
    if not locked:
        monkeypatch.setattr(services, "_locked", lambda pk: Creator.objects.get(pk=pk))
    shown, left = two_uploads(monkeypatch)
    assert (left == [Path(shown).name]) is locked
