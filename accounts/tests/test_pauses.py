"""Pauses from spending: they begin at once, and nobody ends them early."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import SpendingPause, User
from accounts.pauses import PauseRuns, SpendingPaused, paused_until, refuse_paused, take_pause

pytestmark = pytest.mark.django_db
Length = SpendingPause.Length


@pytest.mark.parametrize("length", Length.values)
def test_a_pause_begins_at_once_and_lasts_as_long_as_was_asked(carol: User, length: str) -> None:
    refuse_paused(carol)
    pause = take_pause(user=carol, length=length)
    with pytest.raises(SpendingPaused):
        refuse_paused(carol)
    assert User.objects.get(pk=carol.pk).spending_paused_until == pause.until
    lasts = SpendingPause.LASTS.get(Length(length))
    assert pause.until == (pause.asked_at + lasts if lasts else SpendingPause.FOREVER)


def test_a_self_exclusion_lasts_half_a_year_at_least() -> None:
    exclusions = [Length.HALF_YEAR, Length.YEAR, Length.FIVE_YEARS]
    assert all(SpendingPause.LASTS[length] >= timedelta(days=182) for length in exclusions)


def test_a_pause_is_over_when_its_time_is(carol: User) -> None:
    pause = take_pause(user=carol, length=Length.DAY)
    carol.spending_paused_until = timezone.now() - timedelta(seconds=1)
    refuse_paused(carol)
    assert pause.until - pause.asked_at == timedelta(days=1)


def test_a_pause_grows_and_never_shrinks(carol: User) -> None:
    take_pause(user=carol, length=Length.MONTH)
    for shorter in (Length.DAY, Length.WEEK):
        with pytest.raises(PauseRuns, match="Choose a longer one"):
            take_pause(user=carol, length=shorter)
    longer = take_pause(user=carol, length=Length.GOOD)
    assert paused_until(carol) == longer.until
    with pytest.raises(PauseRuns, match="for good"):
        take_pause(user=carol, length=Length.GOOD)


@pytest.mark.parametrize(
    "change", ["NULL", "now() + interval '1 minute'", "spending_paused_until - interval '1 hour'"]
)
def test_nobody_ends_a_pause_early_superusers_neither(carol: User, change: str) -> None:
    until = take_pause(user=carol, length=Length.WEEK).until
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_user SET spending_paused_until = {change}")
    carol.refresh_from_db()
    assert carol.spending_paused_until == until


def test_a_page_that_read_the_person_before_saves_them_without_ending_it(carol: User) -> None:
    before = User.objects.get(pk=carol.pk)
    until = take_pause(user=carol, length=Length.WEEK).until
    before.display_name = "Caro"
    before.save()
    after = User.objects.get(pk=carol.pk)
    assert (after.display_name, after.spending_paused_until) == ("Caro", until)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_spendingpause SET until = now()",
        "DELETE FROM accounts_spendingpause",
        "TRUNCATE accounts_spendingpause",
    ],
)
def test_what_was_asked_for_stays_written(carol: User, statement: str) -> None:
    take_pause(user=carol, length=Length.DAY)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_a_person_in_a_pause_signs_in(carol: User, client: Client) -> None:
    take_pause(user=carol, length=Length.GOOD)
    form = {"login": carol.email, "password": "harbour-night-7"}
    assert client.post("/account/login/", form).status_code == 302
    assert client.get("/wallet/").status_code == 200
