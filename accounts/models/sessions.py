"""Sessions that come with their person, in one query.

Used as `SESSION_ENGINE`. The row is Django's with a link to the person, as its documentation
shows; what is new is that the person is read in the same query.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.people import User

# The list of one's browsers says when each was last seen; to write that at every press would cost
# more than the press.
SEEN_EVERY = timedelta(minutes=5)


class Session(AbstractBaseSession):
    """A browser in use; its person comes with it in one query."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    seen_at = models.DateTimeField(null=True)  # of the last note in the list of one's browsers

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Return the store that reads and writes these rows."""
        return SessionStore


class SessionStore(DatabaseStore):
    """A session, read together with the person it belongs to."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the rows."""
        return Session

    def load(self) -> dict[str, Any]:
        """Return what is kept; nothing once the session has ended."""
        living = Q(session_key=self.session_key, expire_date__gt=timezone.now())
        found = self.get_model_class().objects.select_related("user").filter(living)
        self.row = next(iter(found), None)
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to save, linked to the session's person."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # by the model
        row.user_id = data.get(auth.SESSION_KEY)
        if self.row is not None and self.row.session_key == row.session_key:
            row.seen_at = self.row.seen_at
        return row

    def person(self) -> User | None:
        """Return the session's person, if everything about it is in order."""
        whose = self.get(auth.SESSION_KEY)  # reads the session, and with it the row
        user = self.row.user if self.row is not None else None
        if (
            user is not None
            and user.is_active
            and str(user.pk) == whose
            and self.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
            and constant_time_compare(
                self.get(auth.HASH_SESSION_KEY, ""), user.get_session_auth_hash()
            )
        ):
            return user
        return None

    def note_use(self) -> bool:
        """Note that the session is in use; return whether that was due, for one of many at once."""
        row, now = self.row, timezone.now()
        if row is None or (row.seen_at is not None and row.seen_at > now - SEEN_EVERY):
            return False
        due = Q(seen_at=None) | Q(seen_at__lte=now - SEEN_EVERY)
        row.seen_at = now
        rows = self.get_model_class().objects.filter(due, session_key=row.session_key)
        return bool(rows.update(seen_at=now))
