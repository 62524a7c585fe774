"""Case folding of words for comparison: words that look the same to a reader are the same.

`fold_entry` brings a blocked word into the form that is kept, `Reading` holds every way to read a
message.
Meant to be caught: capitals, accents, invisible signs, letters of another alphabet that
look alike, figures and signs for letters (`1d10t`), letters repeated (`idiooot`), letters set apart
(`i d i o t`, `i.d.i.o.t`). Not meant: a word inside another one, a misspelling, a picture.

The work grows with the length of a text and no faster, and a text that is too long is not read.
"""

import re
import unicodedata
from functools import cached_property
from itertools import product

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from live.lookalikes import ALIKE, bare

LONGEST_TEXT = 500  # no message is as long
LONGEST_WRITTEN_OUT = 1_000  # one sign can stand for a sentence of eighteen
LONGEST_FOLDED = 60  # no blocked word is longer, so no longer reading can be one
LONGEST_PHRASE = 3
SHORTEST_BEGINNING = 3
MOST_STRETCHED = 4  # doubled letters of one word that are tried both ways: 16 readings
FEWEST_SPELT = 3

FOR_I = str.maketrans("01345789@$!|+€", "oieastbgasiite")
FOR_L = str.maketrans("1!|", "lll")
APOSTROPHES = "'\u2019`\u00b4"
SHORT_FORMS = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=(?:ll|s|t|d|m|re|ve)\b)")
BETWEEN = re.compile(r"[\W_]+")
SAME = re.compile(r"(.)\1+")
MARKS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")


class TextTooLong(DomainError):
    """The text is longer than any message."""

    code = "message_too_long"
    status = 422
    message = _("Your message is %(length)s characters long. The limit is %(most)s. Shorten it.")
    field = "text"


def plain(text: str) -> str:
    """Return the text without capitals, accents and invisible signs. Raises `TextTooLong`."""
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(length=len(text), most=LONGEST_TEXT)
    wide = unicodedata.normalize("NFKC", text).casefold()
    if len(wide) > LONGEST_WRITTEN_OUT:
        raise TextTooLong(length=len(wide), most=LONGEST_WRITTEN_OUT)
    unmarked = MARKS.sub("", unicodedata.normalize("NFD", wide))
    seen = "".join(bare(sign) for sign in unmarked if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", seen)


def latin(word: str) -> str:
    """Return the word in Latin letters if every one of its letters looks like one.

    Else it is a word of its own alphabet.
    """
    read = word.translate(ALIKE)
    return read if all(sign < "\u0250" for sign in read) else word


def fold_entry(entry: str) -> tuple[str, bool]:
    """Return the folded form of a blocked word, and whether it also matches words beginning so."""
    text = plain(entry).strip()
    starts = text.endswith("*")
    words = [bare_chunk(chunk, FOR_I) for chunk in text.rstrip("*").split()]
    return capped(" ".join(word for word in words if word)), starts


def bare_chunk(chunk: str, swaps: dict[int, int]) -> str:
    """Return the text between two spaces as one word, signs read as letters."""
    word = chunk.rstrip("!|+.,;:?")
    if any(sign.isalpha() for sign in word):
        word = word.translate(FOR_L if swaps is FOR_L else {}).translate(FOR_I)
    return latin(BETWEEN.sub("", word))


def capped(word: str) -> str:
    """Return the word with no letter more than twice in a row."""
    return SAME.sub(lambda run: run[0][:2], word)


def stretched(word: str) -> set[str]:
    """Return the ways to read a word whose letters may have been repeated."""
    runs = list(SAME.finditer(word))
    if not runs:
        return {word}
    if len(runs) > MOST_STRETCHED:
        return {capped(word), SAME.sub(r"\1", word)}
    pieces, end = [], 0
    for run in runs:
        pieces += [(word[end : run.start()],), (run[1], run[1] * 2)]
        end = run.end()
    return {"".join(choice) for choice in product(*pieces, (word[end:],))}


class Reading:
    """All the ways to read a message."""

    def __init__(self, text: str) -> None:
        self._text = plain(text)

    @cached_property
    def words(self) -> list[str]:
        """Every word of it, and every few that stand together."""
        tokens = [latin(token) for token in BETWEEN.split(self._text) if token]
        found = set(self._single)
        for size in range(2, LONGEST_PHRASE + 1):
            for at in range(len(tokens) - size + 1):
                found |= stretched(" ".join(tokens[at : at + size]))
        return sorted(word for word in found if len(word) <= LONGEST_FOLDED)

    @cached_property
    def beginnings(self) -> list[str]:
        """The beginnings of its words."""
        return sorted(
            {
                word[:end]
                for word in self._single
                for end in range(SHORTEST_BEGINNING, min(len(word), LONGEST_FOLDED) + 1)
            }
        )

    @cached_property
    def _single(self) -> set[str]:
        tokens = [token for token in BETWEEN.split(self._text) if token]
        chunks = SHORT_FORMS.sub(" ", self._text).split()
        read = {latin(token) for token in tokens}
        for piece in {*tokens, *chunks}:
            read.add(bare_chunk(piece, FOR_I))
            if not piece.isalpha():
                read.add(bare_chunk(piece, FOR_L))
        read |= set(spelt(tokens))
        return set().union(*(stretched(word) for word in read if word))


def spelt(tokens: list[str]) -> list[str]:
    """Return the words whose letters stand apart, one by one."""
    runs: list[list[str]] = [[]]
    for token in tokens:
        if len(token) == 1:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [bare_chunk("".join(run), FOR_I) for run in runs if len(run) >= FEWEST_SPELT]
