"""One page per person: all that staff are asked about, and only what they may see."""

import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Country, StaffNote, User
from accounts.notes import NoteEmpty, NoteTooLong, write_note
from accounts.services import move
from conftest import person
from gifts.sending.services import send_gift
from live.models import Block, Stream
from live.moderation import blocks
from payouts.tests.builders import ready
from wallet.tests.stage import order

pytestmark = pytest.mark.django_db
MOST_QUERIES = 45


@pytest.fixture
def clerk(db: None) -> User:
    """A member of the group Support."""
    user = person("clara", is_staff=True)
    user.groups.add(Group.objects.get(name="Support"))
    return user


@pytest.fixture
def past(alice: User, bob: User, stream: Stream) -> None:
    """Alice sent Bob a gift, ordered coins and moved; Bob asked for a payout and blocked her."""
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), confirmed=True)
    order(alice)
    move(user=alice, country=Country.objects.get(code="FR"))
    ready(bob)
    blocks.block(creator=bob, user=alice, by=bob)


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def read(client: Client, reader: User, about: User) -> str:
    client.force_login(reader)
    return " ".join(client.get(page_of(about)).content.decode().split())


def test_a_clerk_reads_all_about_a_fan(
    client: Client, clerk: User, alice: User, past: None
) -> None:
    page = read(client, clerk, alice)
    for words in (
        "alice@example.com",
        "Coins</a></dt>",
        "All purchases",
        "Spending limits",
        "Moss Frog",
        "Germany → France",
        "by themselves",
        "Alice sent Bob",
        "Moved from Germany to France.",
        "Order of",
        "Blocked by",
        "Unblock",
        "Check with the provider",
        "Save note",
    ):
        assert words in page, words


def test_a_clerk_reads_a_creators_payouts(
    client: Client, clerk: User, bob: User, past: None
) -> None:
    page = read(client, clerk, bob)
    for words in (
        "Diamonds on hold",
        "Gifts received",
        "All payouts",
        "Bank account:",
        "Payout of",
    ):
        assert words in page, words


def test_what_a_reader_may_not_see_is_not_there(
    client: Client, alice: User, bob: User, past: None
) -> None:
    write_note(about=alice, by=bob, text="Called on Monday")
    move(user=alice, country=Country.objects.get(code="FR"))
    reader = person("rita", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_user"))
    for about in (alice, bob):
        page = read(client, reader, about)
        assert about.email in page
        for words in (
            "Coins</a></dt>",
            "Purchases",
            "Spending limits",
            "Moss Frog",
            "All payouts",
            "Payout of",
            "Called on Monday",
            "Save note",
            "Blocked by",
            "Change the account",
            "Changes of country",
            "Moved from",
        ):
            assert words not in page, words


def test_the_page_costs_no_more_when_more_happened(
    client: Client, clerk: User, alice: User, stream: Stream, past: None
) -> None:
    client.force_login(clerk)
    Block.objects.all().delete()
    client.get(page_of(alice))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(alice))
    for coins in (300, 500, 700):
        send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4(), confirmed=True)
        order(alice, coins)
        write_note(about=alice, by=clerk, text="Again")
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(alice))
    assert len(many) == len(few) <= MOST_QUERIES


def test_a_note_is_kept_with_who_wrote_it(client: Client, clerk: User, alice: User) -> None:
    client.force_login(clerk)
    address = reverse("admin:accounts_user_note", args=[alice.pk])
    told = client.post(address, {"text": "  Asked about\nan order. "})
    assert told.headers["Location"] == f"{page_of(alice)}#notes"
    note = StaffNote.objects.get()
    assert (note.user, note.by, note.text) == (alice, clerk, "Asked about an order.")
    assert "Asked about an order." in read(client, clerk, alice)


def test_a_note_that_says_nothing_or_too_much_is_refused(alice: User, clerk: User) -> None:
    with pytest.raises(NoteEmpty):
        write_note(about=alice, by=clerk, text=" \u200b\n")
    with pytest.raises(NoteTooLong):
        write_note(about=alice, by=clerk, text="a" * 1_001)
    write_note(about=alice, by=clerk, text="a" * 1_000)
    write_note(about=alice, by=clerk, text="a\r\n" * 499 + "ab")  # a line break counts as one


def test_a_refused_note_is_told_and_not_kept(client: Client, clerk: User, alice: User) -> None:
    client.force_login(clerk)
    address = reverse("admin:accounts_user_note", args=[alice.pk])
    told = client.post(address, {"text": ""})
    assert told.status_code == 422
    assert "Write something first. Nothing was saved." in told.content.decode()
    assert not StaffNote.objects.exists()


def test_the_form_shows_nothing_of_a_password(
    client: Client, clerk: User, dana: User, alice: User
) -> None:
    for staff, sets in ((dana, True), (clerk, False)):
        page = read(client, staff, alice)
        assert "pbkdf2" not in page
        assert "algorithm" not in page
        assert "Authentication and Authorization" not in page
        assert ("Set another password" in page) is sets
        assert alice.email in page
    client.force_login(dana)
    address = reverse("admin:auth_user_password_change", args=[alice.pk])
    assert address in read(client, dana, alice)
    assert client.get(address).status_code == 200


def test_a_refused_note_keeps_its_words(client: Client, clerk: User, alice: User) -> None:
    client.force_login(clerk)
    address = reverse("admin:accounts_user_note", args=[alice.pk])
    page = client.post(address, {"text": "About <the> order. " * 60}).content.decode()
    assert "Split it into two notes." in page
    assert "About &lt;the&gt; order. About" in page
    # The account's form on that page still goes to the account.
    assert f'action="{page_of(alice)}"' in page


def test_a_note_pressed_twice_is_one(client: Client, clerk: User, alice: User) -> None:
    page = read(client, clerk, alice)
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    address = reverse("admin:accounts_user_note", args=[alice.pk])
    for text in ("Called", "Called", "Called again"):
        client.post(address, {"text": text, "key": key})
    assert sorted(StaffNote.objects.values_list("text", flat=True)) == ["Called", "Called again"]
    client.post(address, {"text": "Called", "key": str(uuid.uuid4())})
    assert StaffNote.objects.filter(text="Called").count() == 2


@pytest.mark.parametrize("done", ["update", "delete"])
def test_the_database_keeps_notes_as_they_are(alice: User, clerk: User, done: str) -> None:
    note = write_note(about=alice, by=clerk, text="Called")
    rows = StaffNote.objects.filter(pk=note.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(text="Never called") if done == "update" else rows.delete()


def test_an_order_is_checked_from_the_persons_page_and_leads_back(
    client: Client, clerk: User, alice: User
) -> None:
    purchase = order(alice)
    type(purchase).objects.filter(pk=purchase.pk).update(due_at=None)
    client.force_login(clerk)
    address = reverse("admin:wallet_purchase_ask", args=[purchase.pk])
    told = client.post(address, headers={"Referer": f"http://testserver{page_of(alice)}"})
    assert told.headers["Location"] == page_of(alice)
    purchase.refresh_from_db()
    assert purchase.due_at is not None


def test_who_is_named_in_a_list_is_a_way_to_their_page(dana: User) -> None:
    request = RequestFactory().get("/")
    request.user = dana
    plain = [
        f"{keeper}.{column}"
        for model, keeper in admin.site._registry.items()
        for column in keeper.get_list_display(request)
        if isinstance(column, str)
        and column in {field.name for field in model._meta.fields if field.related_model is User}
    ]
    assert plain == []


def test_people_are_no_way_for_those_who_may_not_look_at_them(client: Client, alice: User) -> None:
    order(alice)
    reader = person("rita", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_purchase"))
    client.force_login(reader)
    page = client.get(reverse("admin:wallet_purchase_changelist")).content.decode()
    assert "@alice" in page
    assert page_of(alice) not in page
    reader.user_permissions.add(Permission.objects.get(codename="view_user"))
    page = client.get(reverse("admin:wallet_purchase_changelist")).content.decode()
    assert page_of(alice) in page
