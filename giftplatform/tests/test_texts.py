"""Texts of people are clean wherever they enter, and names follow the rules of messages."""

import time
import unicodedata
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import handles, services
from accounts.models import User
from accounts.names import BlankName, NameFiltered, NameRefused, NameWithLink, ReservedName
from foundation.texts import FEW_MARKS, clean, reason_in
from gifts.sending.services import send_gift
from live.chat.messages import EmptyMessage, say
from live.models import BlockedWord, Stream
from live.streams.facts import EmptyTitle
from live.streams.services import schedule
from overlay.goals import set_goal
from overlay.refusals import GoalTitle
from testing.browsers import signed_in

BLANK = (
    "\u3164", "\u200b\u200b\u200b", "\u2800", "\u115f\u1160", "\uffa0", "\ufeff", "\u00ad",
    "\u202e", " \u00a0\u2003\u3000", "\u200d\u200c", "\u0301\u0302", "\ufe0f", "\U000e0041", "\0",
    "\u180e", "\ufffc", "\U0001d159", "\U000e0001\U000e007f", "\ufe0e\U000e0100", "\u2800 \u3164",
    "\u2066\u2067\u2069", "\u206a\u206f",
)  # fmt: skip
INVISIBLE = (
    "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad"
)
HOSTILE = "12x\u202e Moss\u200b Frog" + "\u0316" * 20
CLEANED = "12x Moss Frog" + "\u0316" * FEW_MARKS


@pytest.mark.parametrize("text", BLANK)
def test_what_looks_blank_is_empty(text: str) -> None:
    assert clean(text) == ""


@pytest.mark.parametrize("sign", INVISIBLE)
def test_no_sign_turns_or_hides_in_a_text(sign: str) -> None:
    assert clean(f"{sign}Ali{sign}ce{sign}") == "Alice"


def test_marks_do_not_pile_up() -> None:
    piled = clean("Z" + "".join(map(chr, range(0x316, 0x32E))) + "al\u0489\u0489\u0489\u0489go")
    longest = max(len(run) for run in "".join(
        "m" if unicodedata.combining(sign) or unicodedata.category(sign) == "Me" else " "
        for sign in piled
    ).split())  # fmt: skip
    assert longest == FEW_MARKS


@pytest.mark.parametrize(
    "text",
    [
        "Zoë", "Nguyễn Thị", "שָׁלוֹם", "محمّدٌ", "می\u200cخواهم", "ক্ষ্\u200dর",
        "ကြွေးမြှို့", "ที่นี่",
        "👩\u200d🚀", "❤️", "1️⃣", "👍🏽", "🇩🇪", "Ana & Bo", "x² – ok", "日本語",
        "👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d🚀", "❤️\u200d🔥", "🏃🏽\u200d♀️",
        "🧑🏻\u200d🤝\u200d🧑🏿", "🏳️\u200d🌈", "🙂\u200d↔️", "‼️", "محمد", "مُحَمَّد", "יִשְׂרָאֵל",
        "प्रिया", "मुक्तेश्\u200dवर", "ශ්\u200dරී", "สมชาย", "ก็", "한글",
        "தமிழ்", "O’Brien", "İstanbul", "Čeněk", "ᠮᠣᠩᠭᠣᠯ",
    ],
)  # fmt: skip
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_it_is_one_line_and_never_longer() -> None:
    assert clean("  one\n\ttwo\u2028three \x85 ") == "one two three"
    assert len(clean("\ufb2c" * 40)) == 40  # grows when composed


def test_any_number_of_marks_is_read_in_the_time_of_any_text() -> None:
    began = time.process_time()
    assert clean("a" + "\u0316\u0301" * 20_000) == clean("a" + "\u0316\u0301" * 15)
    assert time.process_time() - began < 0.5  # sorted by pairs it takes seconds


@pytest.mark.django_db
def test_every_text_is_cleaned_where_it_enters(alice: User, bob: User, stream: Stream) -> None:
    cache.clear()
    assert say(user=alice, stream=stream, text=HOSTILE).payload["text"] == CLEANED
    key = uuid.uuid4()
    sent = send_gift(fan=alice, stream=stream, gift="drift-lamp", key=key, message=HOSTILE)
    assert sent.gift.message == CLEANED
    again = send_gift(fan=alice, stream=stream, gift="drift-lamp", key=key, message=HOSTILE)
    assert again.already
    services.save_profile(user=alice, handle=alice.handle, display_name=HOSTILE)
    assert alice.display_name == CLEANED
    tomorrow = timezone.now() + timedelta(days=1)
    assert schedule(creator=bob, title=HOSTILE, scheduled_for=tomorrow).title == CLEANED
    assert set_goal(creator=bob, title=HOSTILE, unit="coins", target=5).title == CLEANED
    services.save_creator(creator=bob.creator, bio=HOSTILE)
    assert bob.creator.bio == CLEANED


@pytest.mark.django_db
@pytest.mark.parametrize("text", BLANK)
def test_what_looks_blank_is_refused(alice: User, bob: User, stream: Stream, text: str) -> None:
    cache.clear()
    with pytest.raises(EmptyMessage):
        say(user=alice, stream=stream, text=text)
    with pytest.raises(GoalTitle):
        set_goal(creator=bob, title=text, unit="coins", target=5)
    with pytest.raises(EmptyTitle):
        schedule(creator=bob, title=text, scheduled_for=timezone.now() + timedelta(days=1))
    if text.strip():
        with pytest.raises(BlankName):
            services.save_profile(user=alice, handle=alice.handle, display_name=text)
    assert User.objects.get(pk=alice.pk).display_name == "Alice"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("You Turnip", NameFiltered), ("T u r n i p", NameFiltered), ("TURN\u200bIP", NameFiltered),
        ("www.evil.example.com", NameWithLink),
        ("evil . com", None), ("evil(dot)com", NameWithLink),
        ("Admin", ReservedName), ("\u0410dmin", ReservedName), ("Supp0rt Team", ReservedName),
        ("Gift Platform", ReservedName), ("G i f t p l a t f o r m", ReservedName),
        ("M\u00f6derator", ReservedName), ("Wallet", ReservedName), ("Dana", ReservedName),
        ("D\u0430na", ReservedName), ("Danae", None), ("Badminton Bob", None), ("Supporter", None),
    ],
)  # fmt: skip
def test_names_follow_the_rules_of_messages(
    alice: User, dana: User, name: str, refusal: type[NameRefused] | None
) -> None:
    BlockedWord.objects.create(word="turnip")
    client = signed_in(alice)
    answer = client.patch("/api/v1/me/", {"display_name": name}, content_type="application/json")
    kept = User.objects.get(pk=alice.pk).display_name
    if refusal is None:
        assert (answer.status_code, kept) == (200, name)
        return
    assert (answer.status_code, answer.json()["code"], kept) == (422, refusal.code, "Alice")
    typed = {"display_name": name, "handle": "alice"}
    page = client.post(reverse("accounts:profile"), typed)
    assert page.status_code == 422
    assert User.objects.get(pk=alice.pk).display_name == "Alice"


STAFF_LIKE = (
    "Αdmin", "Ａｄｍｉｎ", "𝐀𝐝𝐦𝐢𝐧", "Ꭺdmin", "ꓮdmin", "ᴀᴅᴍɪɴ", "ɑdmın", "ADMІN", "🅐🅓🅜🅘🅝", "🄰🄳🄼🄸🄽",
    "🇦🇩🇲🇮🇳", "adm١n", "a-d-m-i-n", "a d m i n", "TeamAdmin", "aDmInIsTrAtOr", "A\u0336dmin",
    "Official Bob", "OfficialBob", "supportteam", "SupportDesk", "s\u0336u\u0336pport", "Ѕuppогt",
    "Stäff", "Sŧaff", "Staƒƒ", "Giftplatform Sandbox", "localhost", "ԁаnа", "Ｄａｎａ", "d a n a",
)  # fmt: skip
NOBODYS = (
    "Ann 🇦🇹", "Nguyễn Thị", "محمد", "דנה", "प्रिया", "สมชาย", "Анна", "Ελένη", "Søren", "Łukasz",
    "McDonald", "Supporter of Bob", "Danae", "Sandbox Sam",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAFF_LIKE)
def test_no_letters_make_a_name_of_staff(alice: User, dana: User, name: str) -> None:
    with pytest.raises(ReservedName):
        services.save_profile(user=alice, handle=alice.handle, display_name=name)
    assert User.objects.get(pk=alice.pk).display_name == "Alice"


@pytest.mark.django_db
@pytest.mark.parametrize("name", NOBODYS)
def test_other_names_are_free_in_every_script(alice: User, dana: User, name: str) -> None:
    services.save_profile(user=alice, handle=alice.handle, display_name=name)
    kept = User.objects.get(pk=alice.pk).display_name
    assert kept == unicodedata.normalize("NFC", name)


@pytest.mark.django_db
def test_handles_follow_them_too_and_staff_may_be_staff(alice: User, dana: User) -> None:
    BlockedWord.objects.create(word="turnip")
    for handle in ("turnip", "the_turnip", "supp0rt", "admin_bob", "dana_", "0fficial_bob"):
        with pytest.raises(ValidationError):
            handles.clean(handle, owner=alice)
    assert handles.clean("bob_the_frog") == "bob_the_frog"
    services.save_profile(user=dana, handle="dana", display_name="Dana, support")
    assert dana.display_name == "Dana, support"


@pytest.mark.parametrize(
    ("text", "said"), [(" late\n again ", "late again"), (" \u200b ", ""), ("x" * 10, "x" * 10)]
)
def test_a_reason_is_what_was_written_on_one_line(text: str, said: str) -> None:
    assert reason_in(text, 13) == said


def test_a_reason_that_is_too_long_is_none_and_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("foundation.texts.clean", lambda text: pytest.fail("it was read"))
    assert reason_in("x" * 11, 10) == ""
