"""Pages of the admin, drawn without what is beside each of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib import admin


@contextmanager
def without_sidebar() -> Iterator[None]:
    """Leave the sidebar out, whatever is asked: it takes two fifths of a page, and has its own
    tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admin.site, "get_sidebar_list", lambda _request: [])
        yield
