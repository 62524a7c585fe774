"""Texts from people, cleaned once where they enter: names, chat, messages, titles, goals.

What stays is what a reader sees, in the order in which it was written. Taken out are controls,
signs that change the direction of what stands around them, signs without a shape, and marks piled
on one letter. Every step looks at each sign once.
"""

import unicodedata

# Marks on one letter: Latin, Greek and Cyrillic need two beside the composed ones, others four.
FEW_MARKS, MOST_MARKS = 2, 4
_FEW_UP_TO = "\u0590"
MOST_SORTED = 30  # UAX #15, section 13

# Letters and symbols by their category, which are drawn as nothing or as a space.
_SHAPELESS = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159",
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE0F)),
    *map(chr, range(0xE0100, 0xE01F0)),
}
_JOINER, _NON_JOINER, _AS_PICTURE, _KEYCAP = "\u200d", "\u200c", "\ufe0f", "\u20e3"
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_MARKS = {"Mn", "Me"}  # a spacing mark (Mc) stands beside its letter and piles up nothing
_PICTURES = {"So", "Sk"}
_DRAWN_TOO = set("\u2194\u2195\u203c\u2049\u2139\u3030")  # arrows and signs that may be pictures
# The scripts whose letters change their shape at a joiner: Arabic to Sinhala.
_JOINING = range(0x0600, 0x0E00)


def reason_in(text: str, longest: int) -> str:
    """Return what a person wrote as a reason, on one line; empty if it is blank, or if the text is
    longer than it may be, which is measured before it is read.
    """
    return clean(text).strip() if len(text) <= longest else ""


def clean(text: str) -> str:
    """Return a text on one line without what a reader cannot see; empty if all of it is blank."""
    text = _thinned(text)
    composed = unicodedata.normalize("NFC", text)
    text = composed if len(composed) <= len(text) else text  # never longer than it was measured
    seen: list[str] = []
    marks, most = 0, FEW_MARKS
    for place, sign in enumerate(text):
        after = text[place + 1 : place + 2]
        if not _is_kept(sign, seen[-1] if seen else "", after):
            if sign.isspace():
                seen.append(" ")
            continue
        if not _is_mark(sign):
            marks, most = 0, FEW_MARKS if sign < _FEW_UP_TO else MOST_MARKS
            seen.append(sign)
        elif marks < most and seen and seen[-1] != " ":
            marks += 1
            seen.append(sign)
    line = " ".join("".join(seen).split())
    return line if any(map(_has_shape, line)) else ""


def _thinned(text: str) -> str:
    """Return the text with no more marks on a letter than Unicode's Stream-Safe Text Format has.

    Composing sorts the marks of a letter, and takes the square of their number.
    """
    run, kept = 0, []
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= MOST_SORTED:
            kept.append(sign)
    return "".join(kept)


def _is_kept(sign: str, before: str, after: str) -> bool:
    if sign in (_JOINER, _NON_JOINER):
        return _joins(sign, before, after)
    if sign == _AS_PICTURE:
        return _is_picture(before) or after == _KEYCAP
    return (
        sign not in _SHAPELESS
        and unicodedata.category(sign) not in _UNWANTED
        and not (sign.isspace() and sign != " ")
    )


def _joins(sign: str, before: str, after: str) -> bool:
    """Return whether a joiner has something to join: two pictures, or letters of such a script."""
    if not before or not after:
        return False
    if sign == _JOINER and _is_picture(after):
        return _is_picture(before) or before == _AS_PICTURE
    return ord(before) in _JOINING and ord(after) in _JOINING


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in _MARKS and sign != _AS_PICTURE


def _is_picture(sign: str) -> bool:
    return bool(sign) and (unicodedata.category(sign) in _PICTURES or sign in _DRAWN_TOO)


def _has_shape(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in _SHAPELESS
