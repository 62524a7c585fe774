"""Letters that look like Latin ones, from other alphabets and from the corners of Unicode."""

import re
import unicodedata
from functools import lru_cache

# Small letters of Cyrillic, Greek and Armenian; Cherokee and Lisu, which look like capitals.
_PAIRS = (
    ("аеорсухіјѕԁһӏвкмнтԛԝѡүѵьгп", "aeopcyxijsdhlbkmhtqwwyvbrn"),
    ("αοερυικντβμχζωγησϲϳ", "aoepuikntbmxzwynocj"),
    ("ոսօհցզքյ", "nuohgqpj"),
    ("ᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᏀᏃᏏᏒᏙᏚᏞᏟᏢᏦᏴᎩᎾ", "drtiajewmhgzbrvslcpkbyo"),
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou"),
)
ALIKE = str.maketrans("".join(one for one, _ in _PAIRS), "".join(other for _, other in _PAIRS))

# Latin letters that nothing takes apart: with a stroke or a hook, small capitals, script letters.
_LATIN = re.compile(
    r"LATIN (?:SMALL |CAPITAL |LETTER SMALL CAPITAL )(?:LETTER )?"
    r"(?:SCRIPT |BARRED |OPEN |DOTLESS |LONG )?(?P<letter>[A-Z])(?: WITH .*)?"
)
_OTHERS = {"ɑ": "a", "ɩ": "i", "ǀ": "l", "ꟾ": "i"}
# Symbols of one letter: in a circle or a square, or the halves of a flag.
_SYMBOL = re.compile(
    r"(?:REGIONAL INDICATOR SYMBOL|(?:NEGATIVE )?(?:CIRCLED|SQUARED)(?: LATIN CAPITAL)?)"
    r"(?: LATIN CAPITAL)? LETTER (?P<letter>[A-Z])"
)


@lru_cache(maxsize=5_000)
def bare(sign: str) -> str:
    """Return the Latin letter or the figure that a letter or figure is read as, or itself."""
    if sign < "\u0080":
        return sign
    figure = unicodedata.decimal(sign, None)
    if figure is not None:
        return str(figure)
    found = _LATIN.fullmatch(unicodedata.name(sign, ""))
    return found["letter"].lower() if found else _OTHERS.get(sign, sign)


def spelt_out(text: str) -> str:
    """Return a text with letters in place of the symbols that show one: a flag is two letters."""
    found = ((sign, _SYMBOL.fullmatch(unicodedata.name(sign, ""))) for sign in text)
    return "".join(letter["letter"] if letter else sign for sign, letter in found)
