"""Blocked words: the creator's page, the API, the staff site."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from live.models import BlockedWord, RoomRules
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db
WORDS = "/api/v1/me/words/"
ROOM = "/api/v1/me/room/"


def test_a_creator_blocks_a_word_and_allows_it_again(bob: User) -> None:
    browser = signed_in(bob)
    page = browser.post(reverse("studio:words"), {"word": "turnip"}, follow=True)
    assert "“turnip” is now blocked in your rooms." in page.content.decode()
    word = BlockedWord.objects.get(creator=bob)
    gone = browser.post(reverse("studio:unblock_word", args=[word.pk]), follow=True)
    assert "Your list is empty" in gone.content.decode()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [("", "Fill this in."), ("!!!", "Enter one to three words.")],
)
def test_what_is_no_word_stays_in_the_form(bob: User, word: str, sentence: str) -> None:
    page = signed_in(bob).post(reverse("studio:words"), {"word": word})
    assert page.status_code == 422
    assert not BlockedWord.objects.filter(creator=bob).exists()
    assert sentence in page.content.decode() or word == ""


def test_a_creator_decides_about_messages_and_links(bob: User) -> None:
    browser = signed_in(bob)
    browser.post(reverse("studio:room_rules"), {"links": "on"})
    rules = RoomRules.objects.get(creator=bob)
    assert (rules.gift_messages, rules.links) == (False, True)
    assert "checked" in browser.get(reverse("studio:words")).content.decode()


@pytest.mark.parametrize("name", ["studio:words", "studio:room_rules"])
def test_the_page_is_for_creators(alice: User, client: Client, name: str) -> None:
    assert signed_in(alice).post(reverse(name), {"word": "turnip"}).status_code == 403
    assert client.get(reverse("studio:words")).status_code == 302


def test_nobody_takes_off_what_is_not_theirs(alice: User, bob: User) -> None:
    word = BlockedWord.objects.create(creator=bob, word="turnip")
    signed_in(alice).post(reverse("studio:unblock_word", args=[word.pk]))
    assert signed_in(alice).delete(f"{WORDS}{word.pk}/").status_code == 403
    assert BlockedWord.objects.filter(pk=word.pk).exists()


def test_the_api_lists_adds_and_takes_off(bob: User, alice: User) -> None:
    browser = signed_in(bob)
    made = browser.post(WORDS, {"word": "turnip*"}, "application/json")
    assert (made.status_code, made.json()["word"]) == (201, "turnip*")
    assert browser.get(WORDS).json() == [made.json()]
    again = browser.post(WORDS, {"word": "TURNIP*"}, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "listed_already")
    bad = browser.post(WORDS, {"word": "a*"}, "application/json")
    assert (bad.status_code, bad.json()["code"], list(bad.json()["fields"])) == (
        422,
        "no_word",
        ["word"],
    )
    ways = [browser.delete(f"{WORDS}{made.json()['id']}/").status_code for _ in range(2)]
    assert ways == [204, 204]
    assert signed_in(alice).get(WORDS).status_code == 403


def test_the_api_reads_and_changes_what_a_room_allows(bob: User) -> None:
    browser = signed_in(bob)
    assert browser.get(ROOM).json() == {"gift_messages": True, "links": False}
    change = {"gift_messages": False, "links": True}
    assert browser.put(ROOM, change, "application/json").json() == change
    assert browser.get(ROOM).json() == change
    assert browser.put(ROOM, {"links": True}, "application/json").status_code == 400


def test_staff_keep_the_sites_list_and_look_at_the_others(dana: User, bob: User) -> None:
    staff = signed_in(dana)
    add = reverse("admin:live_blockedword_add")
    assert staff.post(add, {"word": "turnip"}).status_code == 302
    word = BlockedWord.objects.get(word="turnip")
    assert (word.creator, word.folded) == (None, "turnip")
    twice = staff.post(add, {"word": "Turn1p"}).content.decode()
    assert "This word, or an equivalent one," in twice
    assert "Enter one to three words" in staff.post(add, {"word": "*"}).content.decode()
    change = reverse("admin:live_blockedword_change", args=[word.pk])
    assert staff.post(change, {"word": "parsnip"}).status_code == 302
    assert BlockedWord.objects.get(pk=word.pk).folded == "parsnip"
    theirs = BlockedWord.objects.create(creator=bob, word="swede")
    page = reverse("admin:live_blockedword_change", args=[theirs.pk])
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"word": "other"}).status_code == 403
    assert "swede" in staff.get(reverse("admin:live_blockedword_changelist")).content.decode()


def test_the_site_begins_with_a_few_words() -> None:
    from importlib import import_module

    from django.apps import apps

    BlockedWord.objects.all().delete()
    import_module("live.migrations.0002_sql").begin(apps, None)
    assert BlockedWord.objects.filter(creator=None).count() >= 5
    for word in BlockedWord.objects.all():
        folded = word.folded
        word.save()
        assert word.folded == folded
