"""Fixtures that several tests of gifts share."""

import pytest
from django.test import Client

from accounts.models import User
from testing.browsers import signed_in


@pytest.fixture
def as_alice(alice: User) -> Client:
    return signed_in(alice)
