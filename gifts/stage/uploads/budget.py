"""How much a drawing draws: parts are counted as they come to the screen, and the count ends.

A file is small and its picture is not: one part is drawn again by each copy, tile, marker, mask or
repeater, and those multiply. A count that walks along and stops at the budget costs no more than
the budget, whatever the file says.
"""

from collections import Counter

from django.utils.translation import gettext as _

from foundation.figures import figure
from gifts.stage.uploads.limits import UploadRefused

POINTS_PER_PART = 10  # a long outline is as much work as several short ones
# What one of them costs in parts, as browsers take time for it.
LAYER = 25  # a picture of its own that is laid over the rest
MASK = 50
CLIP = 5
EFFECT = 100  # a blur or another step of a filter
DEEPEST_REFERENCE = 32


class Budget:
    """The parts drawn so far, by what draws them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._spent: Counter[str] = Counter()
        self._total = 0

    def spend(self, cause: str, parts: int) -> None:
        """Count parts that are drawn. Raises `UploadRefused` once they are too many."""
        self._spent[cause] += parts
        self._total += parts
        if self._total > self._most:
            (most, _parts), *_others = self._spent.most_common(1)
            facts = {"limit": figure(self._most), "cause": most}
            raise UploadRefused(
                _("Too much is drawn: more than %(limit)s parts, most of them by %(cause)s.")
                % facts
            )
