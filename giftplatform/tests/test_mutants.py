"""What `make mutants` takes away is there: its texts move with the code."""

from django.conf import settings

from giftplatform.tests.mutants.__main__ import GUARDS


def test_each_guard_stands_where_it_is_taken_away() -> None:
    moved = [
        (guard.name, edit.path)
        for guard in GUARDS
        for edit in guard.edits
        if (settings.BASE_DIR / edit.path).read_text().count(edit.before) != edit.times
    ]
    assert moved == []


def test_each_guard_has_tests_that_are_there() -> None:
    names = {test.partition("::")[0] for guard in GUARDS for test in guard.tests}
    assert [name for name in sorted(names) if not (settings.BASE_DIR / name).exists()] == []
