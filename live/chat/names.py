"""Names stand in every room and are read aloud: the rules for messages hold for them, too."""

from django.db import connection

from accounts.handles import RESERVED
from accounts.models import User
from accounts.names import NameFiltered, NameWithLink, ReservedName
from live.chat.words import LinkRefused, readings
from live.folding import fold_entry

# A name with one of these words could pass for staff; a word may also only begin so.
OURS = {"admin", "administrator", "giftplatform", "moderator", "official", "staff", "support"}
BEGINNINGS = {"admin", "giftplatform", "moderator"}


def refuse(name: str, *, owner: User | None) -> None:
    """Refuse a name with a word of the site's list or a link, or that reads like staff.

    Staff may bear the names of staff. Raises `NameFiltered`, `NameWithLink`, `ReservedName`.
    """
    read = readings(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT live_refusal(NULL, false, %s, %s, %s)",
            [read["link"], read["words"], read["beginnings"]],
        )
        (code,) = cursor.fetchone()
    if code:
        raise NameWithLink if code == LinkRefused.code else NameFiltered
    if not (owner and owner.is_staff) and _reads_like_staff(name, read):
        raise ReservedName


def _reads_like_staff(name: str, read: dict[str, list[str]]) -> bool:
    together = {word.replace(" ", "") for word in read["words"]}
    if together & OURS or BEGINNINGS & set(read["beginnings"]):
        return True
    whole = _whole(name)
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("display_name", "handle")
    return whole in RESERVED or whole in {_whole(one) for pair in staff for one in pair if one}


def _whole(name: str) -> str:
    return fold_entry(name)[0].replace(" ", "")
