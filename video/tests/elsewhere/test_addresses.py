"""What a creator pastes: the one form that becomes of it, and what is refused."""

import pytest
from pytest_django import Settings

from foundation.errors import DomainError
from video.elsewhere import addresses
from video.elsewhere.addresses import HostNotAllowed, NoVideoInAddress, UnsafeAddress

UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"
CHANNEL = "UC" + "a" * 21 + "-"
NOCOOKIE = "https://www.youtube-nocookie.com/embed"
TWITCH = "https://player.twitch.tv/"
VIMEO = "https://player.vimeo.com/video"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    services = dict.fromkeys(("hls", "youtube", "twitch", "vimeo"))
    settings.VIDEO_ELSEWHERE = {name: name for name in services} | {
        "cast.example.org": "owncast",
        "tube.example.org": "peertube",
    }


def canonical(text: str) -> str:
    found = addresses.read(text)
    return f"https://{found.host}{found.path}"


@pytest.mark.parametrize(
    ("pasted", "becomes"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", f"{NOCOOKIE}/dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?app=desktop&v=a_b-c0123de&t=3s", f"{NOCOOKIE}/a_b-c0123de"),
        ("youtube.com/watch?v=dQw4w9WgXcQ&pp=ygU%3D", f"{NOCOOKIE}/dQw4w9WgXcQ"),
        ("  https://youtu.be/dQw4w9WgXcQ?si=abc ", f"{NOCOOKIE}/dQw4w9WgXcQ"),
        ("HTTPS://WWW.YouTube.com/live/dQw4w9WgXcQ?feature=share", f"{NOCOOKIE}/dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", f"{NOCOOKIE}/dQw4w9WgXcQ"),
        (
            f"https://www.youtube.com/channel/{CHANNEL}/live",
            f"{NOCOOKIE}/live_stream?channel={CHANNEL}",
        ),
        (
            f"https://www.youtube.com/embed/live_stream?channel={CHANNEL}",
            f"{NOCOOKIE}/live_stream?channel={CHANNEL}",
        ),
        (
            '<iframe width="560" title="x" src="https://www.youtube.com/embed/dQw4w9WgXcQ?si=x&amp;'
            'start=1" allowfullscreen></iframe><script>alert(1)</script>',
            f"{NOCOOKIE}/dQw4w9WgXcQ",
        ),
        ("https://www.twitch.tv/Harbour_Lights", f"{TWITCH}?channel=harbour_lights"),
        ("https://www.twitch.tv/videos/123456?filter=all", f"{TWITCH}?video=123456"),
        ("https://player.twitch.tv/?channel=bob&parent=evil.example", f"{TWITCH}?channel=bob"),
        ("https://player.twitch.tv/?video=v77&parent=x.example", f"{TWITCH}?video=77"),
        ("https://vimeo.com/76979871", f"{VIMEO}/76979871"),
        ("https://vimeo.com/76979871/8272103f6e", f"{VIMEO}/76979871?h=8272103f6e"),
        ("//player.vimeo.com/video/7?h=abcdef01", None),
        ('<iframe src="//player.vimeo.com/video/7?h=abcdef01"></iframe>', f"{VIMEO}/7?h=abcdef01"),
        ("https://vimeo.com/event/885733", "https://vimeo.com/event/885733/embed"),
        ("https://vimeo.com/event/885733/embed/a1b2c3d4e5", None),
        ("https://cast.example.org", "https://cast.example.org/embed/video"),
        ("https://cast.example.org/embed/video", "https://cast.example.org/embed/video"),
        (
            "https://cast.example.org/hls/stream.m3u8",
            "https://cast.example.org/hls/stream.m3u8",
        ),
        (f"https://tube.example.org/w/{SHORT}", f"https://tube.example.org/videos/embed/{SHORT}"),
        (
            f"https://tube.example.org/videos/watch/{UUID}?start=1s",
            f"https://tube.example.org/videos/embed/{UUID}",
        ),
        ("https://video.example.net/live/a_b/index.m3u8", None),
    ],
)
def test_each_becomes_the_one_form_of_its_server(pasted: str, becomes: str | None) -> None:
    if pasted.startswith("//"):
        with pytest.raises(UnsafeAddress):
            canonical(pasted)
        return
    assert canonical(pasted) == (becomes or pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)",
        "javascript://youtube.com/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https://user@youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com:pw@evil.example/live.m3u8",
        "https://youtube.com@evil.example/live.m3u8",
        "https://video.example.net:8443/live.m3u8",
        "https://video.example.net:443/live.m3u8",
        "https://127.0.0.1/live.m3u8",
        "https://2130706433/live.m3u8",
        "https://0x7f.1/live.m3u8",
        "https://[::1]/live.m3u8",
        "https://[/live.m3u8",
        "https://localhost/live.m3u8",
        "https://router.local/live.m3u8",
        "https://db.internal/live.m3u8",
        "https://host/live.m3u8",
        "https://example.net./live.m3u8",
        "https://video.example.net/../admin/live.m3u8",
        "https://video.example.net/%2e%2e/live.m3u8",
        "https://video.example.net/a\\b.m3u8",
        "https://video.example.net/a b.m3u8",
        "https://video.example.net/live.m3u8\nX: y",
        "https://yоutube.com/watch?v=dQw4w9WgXcQ",  # a Cyrillic o
        "https://video。example.net/live.m3u8",
        "https://" + "a." * 70 + "example/live.m3u8",
        "https:///live.m3u8",
        "<iframe></iframe>",
        "<script src='https://www.youtube.com/embed/dQw4w9WgXcQ'>",
        "",
        "\x00",
    ],
)
def test_what_no_browser_should_be_sent_to_is_refused(pasted: str) -> None:
    with pytest.raises(UnsafeAddress):
        addresses.read(pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ",
        "https://xn--yutube-wqf.com/watch?v=dQw4w9WgXcQ",
        "https://clips.twitch.tv/abc",
        f"https://other.example.org/w/{SHORT}",
    ],
)
def test_other_servers_are_named_in_the_refusal(pasted: str) -> None:
    with pytest.raises(HostNotAllowed) as refused:
        addresses.read(pasted)
    assert "cast.example.org" in refused.value.detail
    assert "YouTube" in refused.value.detail


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.youtube.com/@harbour",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload",
        "https://www.twitch.tv/",
        "https://www.twitch.tv/bob/about",
        "https://vimeo.com/channels/staffpicks",
        "https://cast.example.org/admin",
        f"https://tube.example.org/w/p/{SHORT}",
        "https://video.example.net/live.m3u8?token=secret",
        "https://video.example.net/.hidden/live.m3u8",
    ],
)
def test_what_names_no_video_is_refused(pasted: str) -> None:
    with pytest.raises(NoVideoInAddress):
        addresses.read(pasted)


def test_the_operator_says_whose_video_is_shown(settings: Settings) -> None:
    settings.VIDEO_ELSEWHERE = {"youtube": "youtube"}
    for other in (
        "https://twitch.tv/bob",
        "https://video.example.net/live.m3u8",
        "https://cast.example.org",
    ):
        with pytest.raises(HostNotAllowed):
            addresses.read(other)
    settings.VIDEO_ELSEWHERE = {}
    with pytest.raises(HostNotAllowed) as refused:
        addresses.read("https://youtu.be/dQw4w9WgXcQ")
    assert "your camera" in refused.value.detail


def test_nobody_shows_another_rooms_video_as_their_own(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://gifts.example.org"
    settings.VIDEO_URL = "https://cdn.example.org/video/"
    for host in ("gifts.example.org", "cdn.example.org"):
        with pytest.raises(HostNotAllowed):
            addresses.read(f"https://{host}/video/{'0' * 32}/index.m3u8")


def test_each_refusal_has_a_code_of_its_own() -> None:
    kinds: tuple[type[DomainError], ...] = (UnsafeAddress, HostNotAllowed, NoVideoInAddress)
    assert len({kind.code for kind in kinds}) == 3
