"""The word filter finds a blocked word in any spelling, and nothing else."""

from collections.abc import Callable

import pytest
from django.db import connection

from accounts.creators import NotACreator
from accounts.models import User
from live.chat import words
from live.chat.messages import say
from live.folding import Reading, fold_entry
from live.models import BlockedWord, Event, Stream

pytestmark = pytest.mark.django_db

Listed = Callable[..., BlockedWord]


@pytest.fixture
def listed() -> Listed:
    def add(word: str, creator: User | None = None) -> BlockedWord:
        return BlockedWord.objects.create(word=word, creator=creator)

    return add


def refused(creator: User, text: str, by: User | None = None) -> str:
    speaker = by or User(pk=0)
    try:
        words.refuse(creator_id=creator.pk, by=speaker, text=text)
    except (words.Filtered, words.LinkRefused) as refusal:
        return refusal.code
    return ""


EVASIONS = [
    "turnip",
    "TURNIP",
    "Türnip",
    "tu\u200brn\u00adip",
    "t\u0336u\u0336r\u0336n\u0336i\u0336p\u0336",
    "ｔｕｒｎｉｐ",
    "𝓽𝓾𝓻𝓷𝓲𝓹",
    "tuuuurniiip",
    "turn1p",
    "turn!p",
    "7urn|p",
    "t.u.r.n.i.p",
    "t u r n i p",
    "tur-nip",
    "tu*r*nip",
    "_turnip_",
    "you turnip!",
    "«turnip»",
    "тurniр",  # two letters of it are Cyrillic
    "turnip,turnip",
]


@pytest.mark.parametrize("text", EVASIONS)
def test_a_word_is_found_however_it_is_written(bob: User, listed: Listed, text: str) -> None:
    listed("turnip")
    assert refused(bob, text) == "message_filtered"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ass", "a first-class assassin passes the bass glasses"),
        ("ass", "as soon as you like"),
        ("ass", "45 and 455 coins"),
        ("ass", "a salsa song"),
        ("hell", "he'll say hello, she’ll dance"),
        ("turnip", "turn it, nip it, turnips grow"),
        ("turnip", "return ip"),
        ("tit", "title, titan, appetite"),
        ("cop", "сорок сор"),  # Russian: forty, litter
        ("bad luck", "bad is luck"),
    ],
)
def test_a_word_inside_another_one_is_not_that_word(
    bob: User, listed: Listed, word: str, text: str
) -> None:
    listed(word)
    found = refused(bob, text)
    # A Russian word that looks Latin letter by letter is read as such: it cannot be told apart.
    assert found == ("message_filtered" if word == "cop" else "")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ass", "aaassss"),
        ("a$$", "you ass"),
        ("bad luck", "such bad   luck!"),
        ("bad luck", "baad luuuck"),
        ("turnip*", "turnips and turniphead"),
        ("дурень", "ДУРЕНЬ"),
        ("ばか", "この ばか 野郎"),
        ("straße", "STRASSE"),
        ("1diot", "idiot"),
        ("hell", "he11"),
        ("ﬁend", "fiend"),
    ],
)
def test_what_staff_write_is_read_alike(bob: User, listed: Listed, word: str, text: str) -> None:
    listed(word)
    assert refused(bob, text) == "message_filtered"


def test_a_star_stands_for_what_follows_only(bob: User, listed: Listed) -> None:
    listed("turnip*")
    assert refused(bob, "an overturnip") == ""
    assert fold_entry("Turnip*") == ("turnip", True)


def test_a_creators_words_are_for_their_rooms(bob: User, alice: User, listed: Listed) -> None:
    listed("turnip", bob)
    assert refused(bob, "turnip") == "message_filtered"
    assert refused(alice, "turnip") == ""


LINKS = [
    "https://example.com",
    "see http://x",
    "www.example",
    "example.com",
    "Example.COM now",
    "example。com",
    "t.me/somebody",
    "bit.ly/x",
    "example dot com",
    "example (dot) com",
    "example[.]net",
    "me@example.org",
    "10.0.0.1",
    "ftp://files",
    "e\u200bxample.c\u200bom",
]


@pytest.mark.parametrize("text", LINKS)
def test_links_are_found(bob: User, text: str) -> None:
    assert refused(bob, text) == "message_link"


@pytest.mark.parametrize(
    "text",
    [
        "Nice.So good",
        "Wow...really?",
        "It costs 3.50",
        "ok.thanks",
        "9/10",
        "and/or",
        "e.g. this",
        "12:30 or 1.5.2026",
        "the dot comes last",
        "either.or not",
    ],
)
def test_sentences_are_no_links(bob: User, text: str) -> None:
    assert refused(bob, text) == ""


def test_a_creator_may_allow_links_and_always_write_them(bob: User, alice: User) -> None:
    assert refused(bob, "example.com", by=bob) == ""
    words.change_rules(creator=bob, gift_messages=True, links=True)
    assert refused(bob, "example.com", by=alice) == ""
    words.change_rules(creator=bob, gift_messages=True, links=False)
    assert refused(bob, "example.com", by=alice) == "message_link"


def test_chat_with_such_a_word_is_not_said(alice: User, stream: Stream, listed: Listed) -> None:
    listed("turnip")
    with pytest.raises(words.Filtered):
        say(user=alice, stream=stream, text="you tuuurnip")
    with pytest.raises(words.LinkRefused):
        say(user=alice, stream=stream, text="example.com")
    assert not Event.objects.filter(kind="chat").exists()
    assert say(user=alice, stream=stream, text="you parsnip")  # a refusal costs no second's wait


def test_the_longest_message_is_a_bounded_list() -> None:
    worst = Reading("aabbccddeeff " * 23)
    assert len(worst.words) < 2_000
    assert len(Reading("a b " * 75).words) < 1_000
    stretched = Reading("".join(letter * 2 for letter in "abcdefghij") * 15)
    assert len(stretched.words) < 20
    assert len(stretched.beginnings) < 1_500


@pytest.mark.parametrize(
    "word", ["", "   ", "*", "a*", "ab*", "!!!", "a b c d", "two words*", "a*b"]
)
def test_a_list_holds_words(bob: User, word: str) -> None:
    with pytest.raises(words.NoWord):
        words.block_word(creator=bob, word=word)


def test_a_list_holds_a_word_once(bob: User, listed: Listed) -> None:
    listed("turnip")  # the site's list is another one
    mine = words.block_word(creator=bob, word=" Turnip ")
    with pytest.raises(words.ListedAlready):
        words.block_word(creator=bob, word="turn1p")
    words.unblock_word(creator=bob, number=mine.pk)
    words.unblock_word(creator=bob, number=mine.pk)
    assert not bob.blocked_words.exists()


def test_a_list_has_an_end(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_WORDS", 1)
    words.block_word(creator=bob, word="turnip")
    with pytest.raises(words.ListFull) as refusal:
        words.block_word(creator=bob, word="parsnip")
    assert refusal.value.detail == "Your list is full at 1 words. Remove one first."


def test_only_creators_have_lists(alice: User) -> None:
    with pytest.raises(NotACreator):
        words.block_word(creator=alice, word="turnip")
    with pytest.raises(NotACreator):
        words.unblock_word(creator=alice, number=1)
    with pytest.raises(NotACreator):
        words.change_rules(creator=alice, gift_messages=False, links=False)


def test_a_creator_cannot_remove_a_word_of_another_list(
    alice: User, bob: User, listed: Listed
) -> None:
    word = listed("turnip")
    words.unblock_word(creator=bob, number=word.pk)
    assert BlockedWord.objects.filter(pk=word.pk).exists()


def test_a_long_list_is_read_by_index(bob: User, listed: Listed) -> None:
    BlockedWord.objects.bulk_create(
        BlockedWord(word=f"w{n}", folded=f"w{n}", starts=False) for n in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE live_blockedword")
        cursor.execute(
            "EXPLAIN SELECT FROM live_blockedword w WHERE w.folded = ANY (%s) AND NOT w.starts",
            [["turnip", "parsnip"]],
        )
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "one_blocked_word_per_place" in plan
