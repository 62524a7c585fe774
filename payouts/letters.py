"""The letters that every bank of the SEPA area reads, and how other letters are written in them.

Latin letters as passports have them (ICAO 9303), Greek by ELOT 743, Cyrillic as Bulgaria does. The
European Payments Council names the last two in its guidance on character sets (EPC217-08).
"""

import re
import unicodedata
from functools import partial

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]")
LATIN = {
    **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe"},
    **{"þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ŧ": "t", "ĸ": "k"},
    **{"ə": "e"},
}
GREEK = {
    **{"α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i"},
    **{"κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s"},
    **{"ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o"},
}
CYRILLIC = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i"},
    **{"й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s"},
    **{"т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht"},
    **{"ъ": "a", "ь": "", "ю": "yu", "я": "ya", "ы": "y", "э": "e", "є": "ye", "і": "i"},
    **{"ї": "yi", "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz"},
    **{"ѓ": "gj", "ќ": "kj", "ѕ": "dz"},
}
SIGNS = {
    **dict.fromkeys("‐‑‒–—―−_", "-"),
    **dict.fromkeys('‘’‛`´ʹʻʼ"“”„«»', "'"),
    "&": "+",
}
WRITTEN = LATIN | GREEK | CYRILLIC
# Letters that are written otherwise next to others. An accent on the first of two keeps them apart.
TOGETHER = (
    (re.compile(r"(?<=[οΟ])[υΥ](?!\u0308)"), "u"),
    (
        re.compile(r"(?<=[αεηΑΕΗ])[υΥ](?!\u0308)(?=\u0301?(?:[θκξπστφχψ]|(?![\w\u0301])))", re.I),
        "f",
    ),
    (re.compile(r"(?<=[αεηΑΕΗ])[υΥ](?!\u0308)"), "v"),
    (re.compile(r"[γΓ](?=[γξχΓΞΧ])"), "n"),
    (re.compile(r"(?<![\w\u0301])[μΜ][πΠ]"), "b"),
    (re.compile(r"[ьЬ](?=[оО])"), "y"),
)


def sepa(text: str, most: int) -> str:
    """Return a text as every bank reads it, of so many signs at most. Letters that have no Latin
    form fall away: `foreign` names them.
    """
    text = _together(text)
    written = "".join(
        _written(sign, text[at - 1 : at] + text[at + 1 : at + 2]) for at, sign in enumerate(text)
    )
    words = re.sub("/+", "/", " ".join(written.split()))
    return words.strip("/ ")[:most].rstrip("/ ")


def foreign(text: str) -> str:
    """Return the first letters of a text that have no Latin form."""
    found = [sign for sign in _together(text) if sign.isalpha() and not _written(sign).strip()]
    return "".join(sign for sign in found if sign.lower() not in WRITTEN)[:5]


def readable(text: str) -> bool:
    """Return whether a bank sees a name in this, and not only signs."""
    return len(re.findall("[A-Za-z]", text)) > 1


def _together(text: str) -> str:
    """Return composed letters, after those that are written otherwise next to others."""
    text = unicodedata.normalize("NFD", text)
    for pattern, letter in TOGETHER:
        text = pattern.sub(partial(_instead, letter), text)
    return unicodedata.normalize("NFC", text)


def _instead(letter: str, found: re.Match[str]) -> str:
    return _cased(letter, found[0])


def _written(sign: str, around: str = "") -> str:
    """Return one sign as banks read it; a space for what is no letter, nothing for marks."""
    if ALLOWED.match(sign):
        return sign
    if sign in SIGNS:
        return SIGNS[sign]
    if sign.lower() in WRITTEN:
        return _cased(WRITTEN[sign.lower()], sign, around)
    plain = unicodedata.normalize("NFKD", sign)
    if plain != sign:  # a letter with an accent, or a form of one
        return "".join(_written(part, around) for part in plain)
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "" if unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf" else " "


def _cased(letters: str, sign: str, around: str = "") -> str:
    """Return letters in the case of the sign they stand for: `Oe` in a word, `OE` in capitals."""
    if not sign[:1].isupper():
        return letters
    capitals = sign.isupper() and around.upper() == around and around.strip().isalpha()
    return letters.upper() if capitals else letters.capitalize()
