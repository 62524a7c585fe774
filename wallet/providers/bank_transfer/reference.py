"""The creditor reference (ISO 11649) that an order's transfer carries, and finding it again.

`RF`, two check digits, twelve letters: 52 bits from the order's id, which nobody guesses. Letters
only, because MOD 97 notices every wrong letter among letters, but not every letter in a digit's
place. No vowels: I and O are taken for digits, and words would be read into the rest.
"""

import hashlib
import re
from uuid import UUID

LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"
LENGTH = 12
# In a text without its spaces and signs. Where digits stand, people read letters: RFO8 for RF08.
SHAPE = re.compile(rf"(?=(RF[0-9OI]{{2}}[{LETTERS}]{{{LENGTH}}}))")
AS_DIGITS = str.maketrans("OI", "01")
MOST_READ = 1_000  # signs: banks carry 140, some many lines of them


def reference_of(order: UUID, attempt: int = 0) -> str:
    """Return an order's reference: always the same one. Another `attempt` is another reference."""
    found = hashlib.sha256(b"bank transfer" + order.bytes + bytes([attempt])).digest()
    number = int.from_bytes(found[:8], "big")
    body = ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        body += LETTERS[letter]
    return f"RF{_check_digits(body)}{body}"


def is_valid(reference: str) -> bool:
    """Return whether the check digits are right."""
    return _remainder(reference[4:] + reference[:4]) == 1


def references_in(words: str) -> set[str]:
    """Return the valid references in what a person typed: in small letters, in groups, with other
    words around them.
    """
    plain = re.sub(r"[^A-Z0-9]", "", words[:MOST_READ].upper())
    written = (found[1] for found in SHAPE.finditer(plain))
    right = {f"RF{one[2:4].translate(AS_DIGITS)}{one[4:]}" for one in written}
    return {one for one in right if is_valid(one)}


def in_groups(reference: str) -> str:
    """Return a reference in groups of four, as people read it."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def _check_digits(body: str) -> str:
    return f"{98 - _remainder(f'{body}RF00'):02d}"


def _remainder(text: str) -> int:
    """Return ISO 7064's MOD 97: letters are numbers from 10 on."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97
