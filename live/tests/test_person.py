"""A creator's own page, and the rooms of creators without pictures."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Creator, User
from live.models import Stream
from live.streams import services

pytestmark = pytest.mark.django_db

PAGE = "/people/bob/"
OWN = f"people/{'a' * 40}.webp"


def seen(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_stream_the_page_says_so(client: Client, bob: User) -> None:
    page = seen(client)
    assert "first stream is still ahead." in page
    assert "http://localhost:8000/people/bob/" in page or 'rel="canonical"' in page
    assert reverse("account_login") in page
    client.force_login(bob)
    assert "Your first stream is still ahead." in seen(client)
    assert reverse("studio:page") in seen(client)


def test_the_page_tells_what_is_on_what_comes_and_what_was(client: Client, bob: User) -> None:
    over = services.go_live(creator=bob, title="First tea")
    services.end(creator=bob, stream=over)
    called_off = services.schedule(
        creator=bob, title="Called off", scheduled_for=timezone.now() + timedelta(days=1)
    )
    services.end(creator=bob, stream=called_off)
    later = services.schedule(
        creator=bob, title="Third tea", scheduled_for=timezone.now() + timedelta(days=2)
    )
    now = services.go_live(creator=bob, title="Second tea")
    page = seen(client)
    for stream in (over, later, now):
        assert stream.title in page
        assert reverse("live:room", args=[stream.public_id]) in page
    assert "Called off" not in page
    assert "still ahead" not in page


def test_only_creators_whose_account_is_open_have_a_page(
    client: Client, alice: User, bob: User
) -> None:
    assert client.get("/people/alice/").status_code == 404
    assert client.get("/api/v1/people/alice/").status_code == 404
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get(PAGE).status_code == 404
    assert client.get("/api/v1/people/bob/").status_code == 404


def test_following_from_the_page_leads_back_to_it(client: Client, alice: User, bob: User) -> None:
    client.force_login(alice)
    assert 'name="page"' in seen(client)
    answer = client.post(reverse("live:follow", args=["bob"]), {"follow": "1", "page": "1"})
    assert answer["Location"] == PAGE
    assert alice.follows.count() == 1
    assert "1 follower" in seen(client)


def test_what_is_shared_is_the_creators_own(client: Client, bob: User) -> None:
    Creator.objects.filter(user=bob).update(bio='Tea & "songs"')
    assert "brand/og" in re.findall('og:image" content="([^"]+)', seen(client))[0]
    Creator.objects.filter(user=bob).update(cover=OWN)
    page = seen(client)
    assert re.findall('og:image" content="([^"]+)', page)[0].endswith(f"/media/{OWN}")
    assert 'og:description" content="Tea &amp; &quot;songs&quot;"' in page


def test_a_new_creators_room_shows_nobody_elses_portrait(
    client: Client, bob: User, stream: Stream
) -> None:
    shown = {path: seen(client, path) for path in ("/", PAGE, f"/live/{stream.public_id}/")}
    for path, page in shown.items():
        assert 'class="drawn ' in page, path
        assert "live/posters/" not in page, path
        assert "live/avatars/" not in page, path
    Creator.objects.filter(user=bob).update(poster=OWN, picture=OWN.replace("a", "b"))
    for path in shown:
        page = seen(client, path)
        assert OWN.replace("a", "b") in page, path
        assert (OWN in page) is (path != PAGE or stream.is_on_air), path
    assert 'class="drawn scene__drawn"' not in seen(client, f"/live/{stream.public_id}/")


def test_the_room_and_the_home_page_lead_to_it(client: Client, bob: User, stream: Stream) -> None:
    for path in ("/", f"/live/{stream.public_id}/"):
        assert f'href="{PAGE}"' in seen(client, path)


def test_by_the_api(client: Client, bob: User, stream: Stream) -> None:
    Creator.objects.filter(user=bob).update(cover=OWN, poster=OWN)
    services.schedule(creator=bob, title="Later", scheduled_for=timezone.now() + timedelta(days=2))
    told = client.get("/api/v1/people/bob/").json()
    assert (told["handle"], told["name"], told["picture"]) == ("bob", "Bob", "")
    assert told["cover"] == f"/media/{OWN}"
    assert [one["title"] for one in told["streams"]] == [stream.title, "Later"]
    assert told["streams"][0]["poster"] == f"/media/{OWN}"
    assert "email" not in str(told)


def test_the_page_asks_the_same_number_of_questions(client: Client, bob: User) -> None:
    client.get(PAGE)  # what is looked up once for all pages is known
    asked = []
    for number in range(3):
        services.schedule(
            creator=bob, title="Tea", scheduled_for=timezone.now() + timedelta(days=1 + number)
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        asked.append(len(queries))
    assert asked[0] == asked[2]
