"""Rows that move from state to state, one allowed step at a time."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models

from foundation.errors import WrongState


class Moves(models.Model):
    """A model with a `state` and, in `NEXT`, the states that each of its states leads to."""

    NEXT: ClassVar[Mapping[Any, Collection[Any]]]

    class Meta:
        abstract = True

    def may_move(self: Any, to: str) -> bool:
        """Return whether a step is allowed from the state that this row was read in."""
        return to in self.NEXT[self.state]

    def move(self: Any, to: str, **changes: Any) -> None:
        """Move one step on by compare-and-set, with changes of other columns. Raises `WrongState`:
        the step is not allowed, or another one was first.
        """
        same = type(self)._default_manager.filter(pk=self.pk, state=self.state)
        if not self.may_move(to) or not same.update(state=to, **changes):
            raise WrongState
        self.refresh_from_db()
