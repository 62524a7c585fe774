"""What the journeys share: the two sizes they are walked at, and a fan who joined a while ago."""

import pytest

SIZES = pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
Sizes = tuple[int, int]
FAN = """
from datetime import timedelta
from django.utils import timezone
from conftest import person
person("{handle}", date_joined=timezone.now() - timedelta(days=60))
"""
