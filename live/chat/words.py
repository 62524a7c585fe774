"""The word filter of a room: the site's and the creator's blocked words, and links.

`live/folding.py` compares, the SQL function `live_refusal` decides: it is called here for chat, and
for gifts while they are sent.
"""

import re
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError
from live.folding import (
    LONGEST_FOLDED,
    LONGEST_PHRASE,
    SHORTEST_BEGINNING,
    Reading,
    fold_entry,
    plain,
)
from live.models import BlockedWord, RoomRules

MOST_WORDS = 500  # of one creator

# Endings that are no words: `name.com` is a link wherever it stands.
ENDINGS = (
    "com|net|org|info|biz|xyz|online|site|website|shop|store|app|dev|click|link|top|vip|icu|club"
    "|gg|tv|io|co|ru|de|fr|uk|eu|nl|pl|br|jp|cn|kr|ly|cc|ws|su|ua|cz|ch"
)
# Only the sign before a dot is looked at, and spaces are single: each letter is read a few times,
# however long the text is.
DOT = re.compile(r" ?[(\[{] ?(?:dot|\.) ?[)\]}] ?| dot (?=(?:com|net|org|gg|io|tv)\b)")
LINK = re.compile(
    r"\w://\S"
    r"|\bwww\."
    rf"|[^\W_][.。](?:{ENDINGS})\b"
    r"|[^\W_][.。][^\W\d_]{2,}/\w"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)


class Filtered(DomainError):
    """The message has a blocked word; which one is not said, it may be the creator's name."""

    code = "message_filtered"
    status = 422
    message = _("Your message contains a blocked word. Change it and try again.")
    field = "text"


class LinkRefused(DomainError):
    """The message has a link."""

    code = "message_link"
    status = 422
    message = _("Links aren't allowed in messages. Remove the link and try again.")
    field = "text"


class NoWord(DomainError):
    """The entry is not one to three words."""

    code = "no_word"
    status = 422
    message = _("Enter one to three words. Only a single word can end with *.")
    field = "word"


class ListedAlready(DomainError):
    """The list has this word, or one that reads the same."""

    code = "listed_already"
    message = _("This word is on your list already. Enter another one.")
    field = "word"


class ListFull(DomainError):
    """The list has as many words as it can hold."""

    code = "list_full"
    message = _("Your list is full at %(most)s words. Remove one first.")
    field = "word"


def has_link(text: str) -> bool:
    """Return whether the text has a link, however it is written."""
    spaced = " ".join(plain(text).split())
    return LINK.search(DOT.sub(".", spaced)) is not None


def readings(text: str) -> dict[str, Any]:
    """Return the facts about a text that `live_refusal` takes."""
    reading = Reading(text)
    return {"link": has_link(text), "words": reading.words, "beginnings": reading.beginnings}


def refuse(*, creator_id: int, by: User, text: str) -> None:
    """Refuse a line of chat in a creator's room. Creators may put links there themselves.

    Raises `Filtered`, `LinkRefused`.
    """
    read = readings(text)
    link = read["link"] and by.pk != creator_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT live_refusal(%s, false, %s, %s, %s)",
            [creator_id, link, read["words"], read["beginnings"]],
        )
        (code,) = cursor.fetchone()
    if code:
        raise LinkRefused if code == LinkRefused.code else Filtered


def check_entry(word: str) -> None:
    """Refuse an entry that no list can hold. Raises `NoWord`."""
    if len(word) > LONGEST_FOLDED:
        raise NoWord
    folded, starts = fold_entry(word)
    words = folded.split()
    star_inside = "*" in word.strip()[:-1]
    too_short = starts and (len(words) > 1 or len(folded) < SHORTEST_BEGINNING)
    too_long = len(folded) > LONGEST_FOLDED  # one sign can stand for a whole sentence
    if not 0 < len(words) <= LONGEST_PHRASE or star_inside or too_short or too_long:
        raise NoWord


def block_word(*, creator: User, word: str) -> BlockedWord:
    """Put a word on the creator's list.

    Raises `NotACreator`, `NoWord`, `ListedAlready`, `ListFull`.
    """
    require_creator(creator)
    check_entry(word)
    if creator.blocked_words.count() >= MOST_WORDS:
        raise ListFull(most=MOST_WORDS)
    try:
        return _listed(creator, " ".join(word.split()))
    except IntegrityError:
        raise ListedAlready from None


@transaction.atomic
def _listed(creator: User, word: str) -> BlockedWord:
    return BlockedWord.objects.create(creator=creator, word=word)


def unblock_word(*, creator: User, number: int) -> None:
    """Take a word off the creator's own list. Twice is once. Raises `NotACreator`."""
    require_creator(creator)
    creator.blocked_words.filter(pk=number).delete()


def room_rules_of(creator: User) -> RoomRules:
    """Return the creator's room rules; the site's defaults until they decide."""
    return RoomRules.objects.filter(creator=creator).first() or RoomRules(creator=creator)


def change_rules(*, creator: User, gift_messages: bool, links: bool) -> RoomRules:
    """Decide whether gifts carry messages and links may be written. Raises `NotACreator`."""
    require_creator(creator)
    rules, _made = RoomRules.objects.update_or_create(
        creator=creator, defaults={"gift_messages": gift_messages, "links": links}
    )
    return rules
