"""Nobody watches what is kept of a creator whose account staff suspended."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.suspension import suspend
from video.models import Broadcast, Clip
from video.replays import recording
from video.tests.clips.stage import clipped
from video.tests.replays.stage import replayed

pytestmark = pytest.mark.django_db


def test_replays_and_clips_are_away_until_the_account_is_back(bob: User, client: Client) -> None:
    replay = replayed(bob)
    clip = clipped(bob, replay.stream)
    room, api = f"/live/{replay.stream.public_id}/", f"/api/v1/streams/{replay.stream.public_id}"
    gone = (
        f"/clips/{clip.public_id}/",
        f"/clips/{clip.public_id}/state/",
        f"/api/v1/clips/{clip.public_id}/",
        f"{api}/replay/",
        f"{api}/replay/events/",
    )
    folders = {replay.folder, clip.folder}

    def shown() -> set[str]:
        texts = [client.get(one).text for one in (room, f"{room}replay/", *gone)]
        return {folder for folder in folders if any(folder in text for text in texts)}

    assert shown() == folders
    suspend(bob)
    assert {client.get(one).status_code for one in gone} == {404}
    assert "data-replay" not in client.get(room).text
    assert shown() == set()
    assert recording.folders_needed() == folders  # staff may undo it
    User.objects.filter(pk=bob.pk).update(is_active=True)
    assert shown() == folders
    assert (Broadcast.objects.count(), Clip.objects.count()) == (1, 1)
