"""The settings of live video as they are read from the environment."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from giftplatform.runtime import ingest


def test_video_from_elsewhere_names_services_and_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    env = environ.Env()
    monkeypatch.delenv("VIDEO_ELSEWHERE", raising=False)
    assert set(ingest.elsewhere(env)) == {"hls", "youtube", "twitch", "vimeo"}
    monkeypatch.setenv("VIDEO_ELSEWHERE", "vimeo, owncast:Live.example.org")
    assert ingest.elsewhere(env) == {"vimeo": "vimeo", "live.example.org": "owncast"}
    monkeypatch.setenv("VIDEO_ELSEWHERE", "")
    assert ingest.elsewhere(env) == {}
    for wrong in ("owncast", "youtube:evil.example", "peertube:10.0.0.1", "peertube:a b.c", "x"):
        monkeypatch.setenv("VIDEO_ELSEWHERE", wrong)
        with pytest.raises(ImproperlyConfigured):
            ingest.elsewhere(env)
