"""Notes that staff write about a person, for the next one who is asked."""

from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from accounts.models import StaffNote, User
from accounts.models.notes import LONGEST_NOTE
from foundation.errors import DomainError
from foundation.texts import clean


class NoteEmpty(DomainError):
    """A note in which nothing can be read."""

    code = "note_empty"
    status = 422
    message = _("Write something first. Nothing was saved.")
    field = "text"


class NoteTooLong(DomainError):
    """A note longer than a page of them can show."""

    code = "note_too_long"
    status = 422
    message = _("This note has %(length)s characters, and %(most)s fit. Split it into two notes.")
    field = "text"


def write_note(*, about: User, by: User, text: str, key: UUID | None = None) -> StaffNote:
    """Write a note about a person; it stays as it is. Raises `NoteEmpty`, `NoteTooLong`.

    The same words from the same form, by its key, are one note, however often they are sent.
    """
    text = text.replace("\r\n", "\n")  # a form sends two characters where its field counts one
    if len(text) > LONGEST_NOTE:  # before it is cleaned: that takes as long as the text is
        raise NoteTooLong(length=len(text), most=LONGEST_NOTE)
    if not (words := clean(text)):
        raise NoteEmpty
    return StaffNote.objects.get_or_create(user=about, by=by, text=words, key=key or uuid4())[0]
