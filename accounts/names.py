"""Names that people choose: cleaned, and refused when they mislead or offend."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from foundation.texts import clean


class NameRefused(DomainError):
    """The name cannot be shown to others."""

    code = "name_refused"
    status = 422
    message = _("This name can't be used. Choose another.")
    field = "display_name"


class BlankName(NameRefused):
    """Nothing of the name can be seen."""

    code = "name_blank"
    message = _("This name has no visible characters. Choose another or leave it empty.")


class ReservedName(NameRefused):
    """The name reads like the site, its staff, or a person of its staff."""

    code = "name_reserved"
    message = _("This name looks like one of our staff. Choose another.")


class NameFiltered(NameRefused):
    """The name has a blocked word; which one is not said."""

    code = "name_filtered"
    message = _("This name contains a blocked word. Choose another.")


class NameWithLink(NameRefused):
    """The name has a link."""

    code = "name_link"
    message = _("Links aren't allowed in names. Choose another.")


def cleaned(typed: str, *, owner: User | None) -> str:
    """Return a display name as it is kept; empty stays empty, which shows the handle.

    Raises `NameRefused` and its kinds.
    """
    if not typed.strip():
        return ""
    name = clean(typed)
    if not name:
        raise BlankName
    refuse(name, owner=owner)
    return name


def refuse(name: str, *, owner: User | None) -> None:
    """Refuse a name that one of `NAME_VALIDATORS` refuses. Raises `NameRefused` and its kinds."""
    for path in settings.NAME_VALIDATORS:
        import_string(path)(name, owner=owner)
