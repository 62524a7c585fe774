"""The pictures and the video of a creator who closes their account."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Creator, Part, PictureTakedown, User
from accounts.pictures import services
from accounts.tests.pictures import files, picture, upload
from care.closing.finishing import forget
from live.models import Guest, Stream
from live.tests.guests import open_to, seated
from video.models import Replay
from video.replays.recording import folders_needed
from video.tests.replays.stage import replayed

pytestmark = pytest.mark.django_db


def test_a_closed_account_leaves_no_picture(
    bob: User,
    dana: User,
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.MEDIA_ROOT, media = tmp_path, tmp_path / services.FOLDER
    for part in Part:
        upload(bob, picture(), part)
    assert len(files(media)) == len(Part)
    with django_capture_on_commit_callbacks(execute=True):
        services.take_down(creator=bob.creator, parts=[Part.COVER], by=dana, reason="Not yours.")
    with django_capture_on_commit_callbacks(execute=True):
        forget(bob)
    assert files(media) == []
    creator = Creator.objects.get(user=bob)
    assert (creator.picture, creator.cover, creator.poster) == ("", "", "")
    assert not PictureTakedown.objects.exists()


def test_a_closed_account_leaves_no_replay(bob: User) -> None:
    replayed(bob)
    forget(bob)
    assert not Replay.objects.exists()
    assert folders_needed() == set()


def test_a_closed_account_leaves_no_name_beside_others(alice: User, stream: Stream) -> None:
    open_to(stream.creator)
    assert seated(stream, alice).name == "Alice"
    forget(alice)
    assert not Guest.objects.exclude(name="").exists()
