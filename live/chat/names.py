"""Names stand in every room and are read aloud: the rules for messages hold for them, too."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from accounts.handles import RESERVED
from accounts.models import User
from accounts.names import NameFiltered, NameWithLink, ReservedName
from live.chat.words import LinkRefused, readings
from live.folding import fold_entry
from live.lookalikes import spelt_out

# A name with one of these words could pass for staff; a word may also only begin so.
OURS = {"admin", "administrator", "giftplatform", "moderator", "official", "staff", "support"}
BEGINNINGS = {"admin", "giftplatform", "moderator"}
# With one of these behind it a word of ours stays one: `supportteam`, but not `supporter`.
BEHIND = {"account", "agent", "bot", "center", "centre", "desk", "help", "line", "service", "team"}
OURS |= {f"{word}{behind}" for word in OURS for behind in BEHIND}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


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
    if not (owner and owner.is_staff) and any(map(_reads_like_staff, {name, spelt_out(name)})):
        raise ReservedName


def _reads_like_staff(name: str) -> bool:
    read = readings(CAMEL.sub(" ", name))
    together = {word.replace(" ", "") for word in read["words"]}
    if together & OURS or BEGINNINGS & set(read["beginnings"]):
        return True
    whole = _whole(name)
    if whole in RESERVED or whole in map(_whole, _names_of_the_site()):
        return True
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("display_name", "handle")
    return whole in {_whole(one) for pair in staff for one in pair if one}


def _names_of_the_site() -> list[str]:
    """Return who sells the coins, and the address with and without its end."""
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").removeprefix("www.")
    return [name for name in (settings.SELLER_NAME, host, host.partition(".")[0]) if name]


def _whole(name: str) -> str:
    return fold_entry(name)[0].replace(" ", "")
